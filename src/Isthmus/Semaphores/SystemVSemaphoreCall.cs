using System.Buffers;
using System.Globalization;
using Isthmus.Native;

namespace Isthmus;

/// <summary>The calls on a System V semaphore set, with what to do when they fail.</summary>
internal static unsafe class SystemVSemaphoreCall
{
    // What most calls need, copied on the stack.
    private const int StackMax = 16;

    /// <summary>One attempt at all operations together.</summary>
    /// <param name="id">The set.</param>
    /// <param name="operations">At least one.</param>
    /// <param name="noWait">With IPC_NOWAIT.</param>
    /// <param name="wasThere">An earlier attempt of the same caller has found the set; so if it is gone, it was removed while the caller waited.</param>
    public static PollOutcome Operate(int id, ReadOnlySpan<SemaphoreOperation> operations, bool noWait, bool wasThere) =>
        Outcome(Attempt(id, operations, noWait ? LibC.IPC_NOWAIT : 0, null), id, wasThere);

    /// <summary>Waits in the kernel up to a deadline; false when it passed. For a set that an earlier attempt has found.</summary>
    public static bool OperateUntil(int id, ReadOnlySpan<SemaphoreOperation> operations, Deadline deadline)
    {
        while (!deadline.HasPassed)
        {
            // Its timeout is relative, and a signal ends it: so each attempt takes what is left.
            LibC.timespec left = LibC.timespec.FromTimeSpan(deadline.Remaining);
            if (Outcome(Attempt(id, operations, 0, &left), id, wasThere: true) == PollOutcome.Done)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>A command on one semaphore or on the set (<c>semctl(2)</c>).</summary>
    public static int Control(int id, int index, int command, nint argument = 0)
    {
        int result = LibC.semctl(id, index, command, argument);
        return result >= 0 ? result : throw ControlFailed(Errno.Last, id);
    }

    public static LibC.SemaphoreSetStatus Stat(int id) =>
        TryStat(id, out LibC.SemaphoreSetStatus status) ? status : throw ControlFailed(Errno.Last, id);

    /// <summary>False, with errno set, when that fails.</summary>
    public static bool TryStat(int id, out LibC.SemaphoreSetStatus status)
    {
        LibC.SemaphoreSetStatus found;
        int result = LibC.semctl(id, 0, LibC.IPC_STAT, &found);
        status = found;
        return result >= 0;
    }

    public static void Set(int id, LibC.SemaphoreSetStatus status)
    {
        if (LibC.semctl(id, 0, LibC.IPC_SET, &status) < 0)
        {
            throw ControlFailed(Errno.Last, id);
        }
    }

    /// <summary>All values at once (<c>GETALL</c>, <c>SETALL</c>); the array has as many as the set.</summary>
    public static void Values(int id, int command, ushort[] values)
    {
        int result;
        fixed (ushort* first = values)
        {
            result = LibC.semctl(id, 0, command, first);
        }
        if (result < 0)
        {
            throw ControlFailed(Errno.Last, id);
        }
    }

    public static Exception GetFailed(Errno errno, SystemVKey key) => PosixException.From(errno, "semget", key.ToString(), errno switch
    {
        Errno.EEXIST => "Open it, remove it, or choose another key",
        Errno.EINVAL => $"A set may have {SystemVSemaphoreLimits.Read().MaxPerSet} semaphores here (the first number of kernel.sem)",
        Errno.ENOSPC => $"There may be {SystemVSemaphoreLimits.Read().MaxSets} sets, with {SystemVSemaphoreLimits.Read().MaxSemaphores} "
            + "semaphores in all (the last and the second number of kernel.sem): remove some that nobody needs (ipcs -s)",
        _ => null,
    });

    public static Exception ControlFailed(Errno errno, int id) => PosixException.From(errno, "semctl", Name(id), errno switch
    {
        Errno.EINVAL => "There is no set with this id, or no semaphore with this index in it; was it removed?",
        Errno.EPERM => "Only its owner, its creator or root may",
        _ => null,
    });

    private static Errno Attempt(int id, ReadOnlySpan<SemaphoreOperation> operations, int flags, LibC.timespec* timeout)
    {
        LibC.sembuf[]? rented = operations.Length > StackMax ? ArrayPool<LibC.sembuf>.Shared.Rent(operations.Length) : null;
        Span<LibC.sembuf> native = rented is null ? stackalloc LibC.sembuf[StackMax] : rented;
        for (int i = 0; i < operations.Length; i++)
        {
            native[i] = operations[i].ToNative(flags);
        }
        int result;
        fixed (LibC.sembuf* first = native)
        {
            result = LibC.semtimedop(id, first, (nuint)operations.Length, timeout);
        }
        Errno errno = result == 0 ? Errno.None : Errno.Last;
        if (rented is not null)
        {
            ArrayPool<LibC.sembuf>.Shared.Return(rented);
        }
        return errno;
    }

    private static PollOutcome Outcome(Errno errno, int id, bool wasThere) => errno switch
    {
        Errno.None => PollOutcome.Done,
        Errno.EAGAIN => PollOutcome.WouldBlock,
        Errno.EINTR => PollOutcome.Interrupted,
        Errno.EINVAL when wasThere => throw OperateFailed(Errno.EIDRM, id),
        _ => throw OperateFailed(errno, id),
    };

    private static Exception OperateFailed(Errno errno, int id)
    {
        Exception error = PosixException.From(errno, "semop", Name(id), Hint(errno));
        return errno == Errno.ERANGE ? new SemaphoreFullException(error.Message, error) : error;
    }

    private static string? Hint(Errno errno) => errno switch
    {
        Errno.EINVAL => "There is no set with this id; was it removed?",
        Errno.EIDRM => "The set was removed while the call waited",
        Errno.EFBIG => "The set has no semaphore with this index",
        Errno.E2BIG => $"One call may do {SystemVSemaphoreLimits.Read().MaxOperations} operations here (the third number of kernel.sem)",
        Errno.ERANGE => $"A semaphore has at most {SystemVSemaphoreSet.ValueMax} units, and so has what is to be undone; nothing was changed",
        Errno.ENOSPC => "There is no room for more that is to be undone",
        _ => null,
    };

    private static string Name(int id) => id.ToString(CultureInfo.InvariantCulture);
}
