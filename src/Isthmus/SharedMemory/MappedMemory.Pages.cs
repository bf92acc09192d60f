using Isthmus.Native;

namespace Isthmus;

/// <content>What can be asked of the pages. A part is widened to whole pages.</content>
public abstract partial class MappedMemory
{
    /// <summary>
    /// Waits until what was written is on the disk (<c>msync(2)</c> with <c>MS_SYNC</c>). It matters for files on a disk only: other
    /// processes see every write at once, flushed or not.
    /// </summary>
    /// <exception cref="PosixException"><c>EIO</c>: the disk failed; <c>ENOSPC</c>: there was no space for a hole in the file.</exception>
    public void Flush() => Flush(0, Length);

    /// <summary>As <see cref="Flush()"/>, for a part.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The part does not lie in the memory.</exception>
    public void Flush(long offsetBytes, long lengthBytes) =>
        CheckCall(OnPages(offsetBytes, lengthBytes, LibC.MS_SYNC, LibC.msync), "msync");

    /// <summary>
    /// Brings the memory in and keeps it there until <see cref="UnlockInMemory"/> or <see cref="MappedMemory.Dispose()"/>: it is never swapped out, and
    /// touching it never waits for a disk. mlock(2)
    /// </summary>
    /// <param name="onFault">Keep each page from its first use on, instead of bringing all of them in now.</param>
    /// <exception cref="PosixException"><c>ENOMEM</c>, <c>EAGAIN</c>: more than RLIMIT_MEMLOCK, or than there is.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EPERM</c>: RLIMIT_MEMLOCK is 0.</exception>
    public void LockInMemory(bool onFault = false)
    {
        int flags = onFault ? (int)LibC.MLOCK_ONFAULT : 0;
        CheckCall(OnPages(0, Length, flags, static (start, length, flags) => LibC.mlock2(start, length, (uint)flags)), "mlock2");
    }

    /// <summary>Takes back <see cref="LockInMemory"/>.</summary>
    public void UnlockInMemory() =>
        CheckCall(OnPages(0, Length, 0, static (start, length, _) => LibC.munlock(start, length)), "munlock");

    /// <summary>
    /// Maps every page now, for writing unless it is read-only, so that no first access has to: it fails with an error where that access
    /// would end the process by SIGBUS. (<c>MADV_POPULATE_READ</c>, <c>MADV_POPULATE_WRITE</c>; before kernel 5.14 it touches the pages.)
    /// </summary>
    /// <exception cref="PosixException"><c>EFAULT</c>: the file was truncated, or has no space; <c>ENOMEM</c>: no memory.</exception>
    public void Prefault() => Prefault(0, Length);

    /// <summary>As <see cref="Prefault()"/>, for a part.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The part does not lie in the memory.</exception>
    public void Prefault(long offsetBytes, long lengthBytes)
    {
        int advice = IsReadOnly ? LibC.MADV_POPULATE_READ : LibC.MADV_POPULATE_WRITE;
        int result = OnPages(offsetBytes, lengthBytes, advice, LibC.madvise);
        if (result < 0 && Errno.Last == Errno.EINVAL)
        {
            result = TouchPages(offsetBytes, lengthBytes);
        }
        CheckCall(result, "madvise");
    }

    /// <summary>Tells the kernel how the memory will be used.</summary>
    /// <exception cref="PosixException"><c>EINVAL</c>: not for this kind of memory, or not in this kernel.</exception>
    public void Advise(MemoryAdvice advice) => Advise(advice, 0, Length);

    /// <summary>As <see cref="Advise(MemoryAdvice)"/>, for a part.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The part does not lie in the memory.</exception>
    public void Advise(MemoryAdvice advice, long offsetBytes, long lengthBytes) =>
        CheckCall(OnPages(offsetBytes, lengthBytes, (int)advice, LibC.madvise), "madvise");

    /// <summary>For kernels without MADV_POPULATE: reads each page, or writes it without changing it.</summary>
    internal int TouchPages(long offsetBytes, long lengthBytes) =>
        OnPages(offsetBytes, lengthBytes, IsReadOnly ? 1 : 0, static (start, length, readOnly) =>
        {
            for (nuint at = 0; at < length; at += (nuint)Environment.SystemPageSize)
            {
                Touch(start + (nint)at, readOnly == 1);
            }
            return 0;
        });

    // SAFETY: the page lies in the mapping, which OnPages holds.
    private static unsafe void Touch(nint page, bool readOnly)
    {
        if (readOnly)
        {
            _ = Volatile.Read(ref *(int*)page);
        }
        else
        {
            Interlocked.Add(ref *(int*)page, 0);
        }
    }

    private static void CheckCall(int result, string call)
    {
        if (result < 0)
        {
            throw PosixException.From(Errno.Last, call, hint: Hint(call, Errno.Last));
        }
    }

    private static string? Hint(string call, Errno errno) => (call, errno) switch
    {
        ("mlock2", Errno.ENOMEM or Errno.EAGAIN or Errno.EPERM) =>
            $"This process may lock {MemoryLimits.Locked()} bytes in memory (RLIMIT_MEMLOCK); raise it with ulimit -l, or LimitMEMLOCK= of a service",
        ("madvise", Errno.EFAULT) => "A page cannot be had: the file was truncated, or there is no space for it",
        _ => null,
    };

    // The mapping is held meanwhile: another thread's Dispose must not make these the pages of something else.
    private int OnPages(long offset, long length, int argument, Func<nint, nuint, int, int> call)
    {
        ObjectDisposedException.ThrowIf(Mapping.IsClosed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset, "offsetBytes");
        ArgumentOutOfRangeException.ThrowIfNegative(length, "lengthBytes");
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length, "offsetBytes");
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length - offset, "lengthBytes");
        if (length == 0)
        {
            return 0;
        }
        bool held = false;
        try
        {
            Mapping.DangerousAddRef(ref held);
            nint start = Mapping.Address + (nint)offset;
            nint lead = start % Environment.SystemPageSize;
            int result;
            do
            {
                result = call(start - lead, (nuint)(length + lead), argument);
            }
            while (result < 0 && Errno.Last == Errno.EINTR);
            return result;
        }
        finally
        {
            if (held)
            {
                Mapping.DangerousRelease();
            }
        }
    }
}
