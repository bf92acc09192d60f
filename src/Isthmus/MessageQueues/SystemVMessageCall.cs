using System.Buffers;
using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>One attempt at <c>msgsnd(2)</c> or <c>msgrcv(2)</c>, as <see cref="BlockingCall"/> drives it.</summary>
internal static unsafe class SystemVMessageCall
{
    // The kernel wants the type, a long, right before the bytes: so they are copied, up to this many on the stack.
    private const int HeaderBytes = sizeof(long);
    private const int StackBytes = HeaderBytes + 512;

    /// <param name="id">The queue.</param>
    /// <param name="type">From 1.</param>
    /// <param name="message">Its bytes.</param>
    /// <param name="noWait">With IPC_NOWAIT.</param>
    /// <param name="wasThere">An earlier attempt of the same caller has found the queue; so if it is gone, it was removed while the caller waited.</param>
    /// <param name="result">Nothing.</param>
    public static PollOutcome Send(int id, long type, ReadOnlySpan<byte> message, bool noWait, bool wasThere, out int result)
    {
        if (message.Length > Array.MaxLength - HeaderBytes)
        {
            throw TooLong(message.Length);
        }
        int size = HeaderBytes + message.Length;
        byte[]? rented = size > StackBytes ? ArrayPool<byte>.Shared.Rent(size) : null;
        Span<byte> whole = rented is null ? stackalloc byte[StackBytes] : rented;
        MemoryMarshal.Write(whole, type);
        message.CopyTo(whole[HeaderBytes..]);
        fixed (byte* start = whole)
        {
            result = LibC.msgsnd(id, start, (nuint)message.Length, noWait ? LibC.IPC_NOWAIT : 0);
        }
        Errno errno = result == 0 ? Errno.None : Errno.Last;
        Return(rented);
        return errno == Errno.EINVAL && message.Length > SystemVMessageQueueLimits.Read().MaxMessageSize
            ? throw TooLong(message.Length)
            : Outcome(errno, "msgsnd", id, wasThere);
    }

    /// <summary>With type and flags as msgrcv takes them, but for IPC_NOWAIT.</summary>
    public static PollOutcome Receive(
        int id, nint type, int flags, Span<byte> buffer, bool noWait, bool wasThere, out SystemVMessage result)
    {
        // Memory that is mapped can be longer than any array; a message cannot.
        int room = Math.Min(buffer.Length, Array.MaxLength - HeaderBytes);
        int size = HeaderBytes + room;
        byte[]? rented = size > StackBytes ? ArrayPool<byte>.Shared.Rent(size) : null;
        Span<byte> whole = rented is null ? stackalloc byte[StackBytes] : rented;
        nint length;
        fixed (byte* start = whole)
        {
            length = LibC.msgrcv(id, start, (nuint)room, type, flags | (noWait ? LibC.IPC_NOWAIT : 0));
        }
        Errno errno = length >= 0 ? Errno.None : Errno.Last;
        result = default;
        if (length >= 0)
        {
            whole.Slice(HeaderBytes, (int)length).CopyTo(buffer);
            result = new SystemVMessage((int)length, MemoryMarshal.Read<long>(whole));
        }
        Return(rented);
        return Outcome(errno, "msgrcv", id, wasThere);
    }

    private static void Return(byte[]? rented)
    {
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static PollOutcome Outcome(Errno errno, string call, int id, bool wasThere) => errno switch
    {
        Errno.None => PollOutcome.Done,
        Errno.EAGAIN or Errno.ENOMSG => PollOutcome.WouldBlock,
        Errno.EINTR => PollOutcome.Interrupted,
        Errno.EINVAL when wasThere => throw PosixException.From(Errno.EIDRM, call, $"{id}", Hint(Errno.EIDRM)),
        _ => throw PosixException.From(errno, call, $"{id}", Hint(errno)),
    };

    private static string? Hint(Errno errno) => errno switch
    {
        Errno.EINVAL => "There is no queue with this id; was it removed?",
        Errno.EIDRM => "The queue was removed while the call waited",
        Errno.E2BIG =>
            $"The message is longer than the buffer and stays. None is longer than {Sysctl.Describe(SystemVMessageQueueLimits.SizeName)} bytes",
        Errno.ENOSYS => "This kernel cannot look at messages without taking them (CONFIG_CHECKPOINT_RESTORE)",
        _ => null,
    };

    private static Exception TooLong(int length) => PosixException.From(
        Errno.EINVAL, "msgsnd", null,
        $"The message has {length} bytes; here it may have at most {Sysctl.Describe(SystemVMessageQueueLimits.SizeName)}");
}
