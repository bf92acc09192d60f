using System.Runtime.InteropServices;

namespace Isthmus.Native;

/// <summary>Blocks the calling thread in the kernel until a descriptor is ready (<c>ppoll(2)</c>).</summary>
internal static class Poll
{
    /// <summary>Waits for one of <paramref name="events"/>, an error or a hang-up; false when the deadline passed first.</summary>
    /// <exception cref="PosixException">The descriptor cannot be polled.</exception>
    public static bool Wait(SafeHandle handle, short events, Deadline deadline) => WaitFor(handle, events, deadline) != 0;

    /// <summary>Which of <paramref name="events"/>, errors and hang-ups there are now.</summary>
    public static short Look(SafeHandle handle, short events) => WaitFor(handle, events, Deadline.After(TimeSpan.Zero));

    /// <summary>Waits, however long it takes, until one of two descriptors is readable or hung up.</summary>
    public static unsafe void WaitEither(SafeHandle one, SafeHandle other)
    {
        bool oneReferenced = false, otherReferenced = false;
        try
        {
            one.DangerousAddRef(ref oneReferenced);
            other.DangerousAddRef(ref otherReferenced);
            LibC.pollfd* entries = stackalloc LibC.pollfd[2];
            entries[0] = new() { fd = (int)one.DangerousGetHandle(), events = LibC.POLLIN };
            entries[1] = new() { fd = (int)other.DangerousGetHandle(), events = LibC.POLLIN };
            while (LibC.ppoll(entries, 2, null, null) < 0)
            {
                if (Errno.Last != Errno.EINTR)
                {
                    throw PosixException.From(Errno.Last, "ppoll");
                }
            }
        }
        finally
        {
            if (oneReferenced)
            {
                one.DangerousRelease();
            }
            if (otherReferenced)
            {
                other.DangerousRelease();
            }
        }
    }

    private static short WaitFor(SafeHandle handle, short events, Deadline deadline)
    {
        bool referenced = false;
        try
        {
            handle.DangerousAddRef(ref referenced);
            return WaitFor((int)handle.DangerousGetHandle(), events, deadline);
        }
        finally
        {
            if (referenced)
            {
                handle.DangerousRelease();
            }
        }
    }

    private static unsafe short WaitFor(int fd, short events, Deadline deadline)
    {
        LibC.pollfd entry = new() { fd = fd, events = events };
        while (true)
        {
            LibC.timespec left = deadline.IsNever ? default : LibC.timespec.FromTimeSpan(deadline.Remaining);
            int ready = LibC.ppoll(&entry, 1, deadline.IsNever ? null : &left, null);
            if (ready > 0)
            {
                return entry.revents;
            }
            if (ready == 0 && deadline.HasPassed)
            {
                return 0;
            }
            if (ready < 0 && Errno.Last != Errno.EINTR)
            {
                throw PosixException.From(Errno.Last, "ppoll");
            }
        }
    }
}
