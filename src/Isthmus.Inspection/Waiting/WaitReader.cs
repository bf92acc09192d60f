using System.Text;
using Isthmus.Native;

namespace Isthmus.Inspection;

/// <summary>
/// Reads where a thread waits: the call and its arguments (<c>/proc/PID/syscall</c>), the place in the kernel (<c>wchan</c>), and what the
/// arguments point at (<c>mem</c>).
/// </summary>
/// <remarks>
/// One after the other, while the thread may go on: then the parts are of two waits. Who is stuck does not go on, so for him they fit.
/// </remarks>
internal sealed class WaitReader
{
    private readonly byte[] _text = new byte[512];
    private readonly byte[] _memory = new byte[8192];

    private static ReadOnlySpan<byte> SyscallFile => "syscall\0"u8;

    private static ReadOnlySpan<byte> ChannelFile => "wchan\0"u8;

    private static ReadOnlySpan<byte> MemoryFile => "mem\0"u8;

    /// <summary>Reads it of a thread; of a process's directory, its main thread's.</summary>
    public WaitSite Read(DirectoryReader thread, char state)
    {
        switch (state)
        {
            case 'R':
                return new WaitSite(WaitKind.None);
            case 'T' or 't':
                return new WaitSite(WaitKind.Stopped);
            case 'Z' or 'X':
                return new WaitSite(WaitKind.Zombie);
        }
        string? channel = ReadChannel(thread);
        int length = thread.Read(SyscallFile, _text);
        if (length < 0)
        {
            return new WaitSite((Errno)(-length) is Errno.ESRCH or Errno.ENOENT ? WaitKind.None : WaitKind.NotPermitted) { Channel = channel };
        }
        return SystemCall.TryParse(_text.AsSpan(0, length), out SystemCall call)
            ? Interpret(call, thread) with { Call = call.Name, Channel = channel }
            : new WaitSite(_text.AsSpan(0, length).StartsWith("running"u8) ? WaitKind.None : WaitKind.Other) { Channel = channel };
    }

    private string? ReadChannel(DirectoryReader thread)
    {
        int length = thread.Read(ChannelFile, _text);
        // "0" where it does not wait, or may not be looked at.
        return length <= 1 ? null : Encoding.UTF8.GetString(_text, 0, length);
    }

    private WaitSite Interpret(in SystemCall call, DirectoryReader thread) => call.Name switch
    {
        "read" or "readv" or "pread64" or "recvfrom" or "recvmsg" or "recvmmsg" => On(WaitKind.Read, call, FileAccess.Read),
        "write" or "writev" or "pwrite64" or "sendto" or "sendmsg" or "sendmmsg" or "vmsplice" => On(WaitKind.Write, call, FileAccess.Write),
        "splice" or "tee" or "sendfile" => Transfer(call),
        "accept" or "accept4" => On(WaitKind.Accept, call, FileAccess.Read),
        "connect" => On(WaitKind.Connect, call, FileAccess.Write) with { Name = Address(thread, call[1], call[2]) },
        "open" => new WaitSite(WaitKind.OpenFifo) { Name = Text(thread, call[0]) },
        "openat" or "openat2" => new WaitSite(WaitKind.OpenFifo)
        {
            Name = Text(thread, call[1]),
            Descriptors = (int)call[0] < 0 ? [] : [((int)call[0], FileAccess.Read)],
        },
        "poll" => Poll(call, thread, hasTimeout: (int)call[2] >= 0),
        "ppoll" => Poll(call, thread, hasTimeout: call[2] != 0),
        "select" or "pselect6" => Select(call, thread),
        "epoll_wait" or "epoll_pwait" => On(WaitKind.Poll, call, FileAccess.Read) with { HasTimeout = (int)call[3] >= 0 },
        "epoll_pwait2" => On(WaitKind.Poll, call, FileAccess.Read) with { HasTimeout = call[3] != 0 },
        "flock" => On(WaitKind.FileLock, call, FileAccess.Write) with
        {
            LockFlavour = FileLockFlavour.Flock,
            LockMode = ((int)call[1] & LibC.LOCK_SH) != 0 ? FileLockMode.Shared : FileLockMode.Exclusive,
            LockRange = FileLockRange.All,
        },
        "fcntl" => RecordLock(call, thread),
        "futex" => FutexWait.Read(call, address => Memory(thread, address, 40)),
        "futex_wait" => new WaitSite(WaitKind.Futex) { Address = call[0], HasTimeout = call[4] != 0 },
        "futex_waitv" => new WaitSite(WaitKind.Futex) { HasTimeout = call[3] != 0 },
        // They return when the child has a program of its own, or has ended, if that was asked for: nothing else keeps them.
        "vfork" or "clone" or "clone3" => new WaitSite(WaitKind.ProgramStart),
        "wait4" => new WaitSite(WaitKind.Child) { ChildId = Math.Max((int)call[0], 0) },
        "waitid" => WaitId(call),
        "pause" or "rt_sigsuspend" => new WaitSite(WaitKind.Signal),
        "rt_sigtimedwait" => new WaitSite(WaitKind.Signal) { HasTimeout = call[2] != 0 },
        "nanosleep" or "clock_nanosleep" => new WaitSite(WaitKind.Time) { HasTimeout = true },
        "mq_timedreceive" => On(WaitKind.Receive, call, FileAccess.Read) with { HasTimeout = call[4] != 0 },
        "mq_timedsend" => On(WaitKind.Send, call, FileAccess.Write) with { HasTimeout = call[4] != 0 },
        "msgrcv" => new WaitSite(WaitKind.Receive) { SystemVId = (int)call[0] },
        "msgsnd" => new WaitSite(WaitKind.Send) { SystemVId = (int)call[0] },
        "semop" => Semaphore(call, thread, hasTimeout: false),
        "semtimedop" => Semaphore(call, thread, hasTimeout: call[3] != 0),
        _ => new WaitSite(WaitKind.Other),
    };

    private static WaitSite On(WaitKind kind, in SystemCall call, FileAccess access) =>
        new(kind) { Descriptors = [((int)call[0], access)] };

    // It waits for data at one end or for room at the other; which of them, the call does not say.
    private static WaitSite Transfer(in SystemCall call) => call.Name switch
    {
        "tee" => new WaitSite(WaitKind.Poll) { Descriptors = [((int)call[0], FileAccess.Read), ((int)call[1], FileAccess.Write)] },
        "splice" => new WaitSite(WaitKind.Poll) { Descriptors = [((int)call[0], FileAccess.Read), ((int)call[2], FileAccess.Write)] },
        _ => new WaitSite(WaitKind.Write) { Descriptors = [((int)call[0], FileAccess.Write)] },
    };

    private static WaitSite WaitId(in SystemCall call) => (int)call[0] switch
    {
        LibC.P_PIDFD => new WaitSite(WaitKind.Child) { Descriptors = [((int)call[1], FileAccess.Read)] },
        LibC.P_PID => new WaitSite(WaitKind.Child) { ChildId = (int)call[1] },
        _ => new WaitSite(WaitKind.Child),
    };

    private WaitSite Semaphore(in SystemCall call, DirectoryReader thread, bool hasTimeout)
    {
        // struct sembuf: semaphore, operation, flags. Of several operations nobody tells which one waits.
        ReadOnlySpan<byte> operation = call[2] == 1 ? Memory(thread, call[1], 6) : default;
        return new WaitSite(WaitKind.Semaphore)
        {
            SystemVId = (int)call[0],
            SemaphoreIndex = operation.Length < 6 ? null : BitConverter.ToUInt16(operation),
            HasTimeout = hasTimeout,
        };
    }

    private WaitSite Poll(in SystemCall call, DirectoryReader thread, bool hasTimeout)
    {
        // struct pollfd: descriptor, events, what happened.
        const int Size = 8;
        List<(int, FileAccess)> descriptors = [];
        ReadOnlySpan<byte> set = Memory(thread, call[0], (int)Math.Min(call[1], (ulong)(_memory.Length / Size)) * Size);
        for (; set.Length >= Size; set = set[Size..])
        {
            int descriptor = BitConverter.ToInt32(set);
            FileAccess access = AccessOf(BitConverter.ToInt16(set[4..]));
            if (descriptor >= 0)
            {
                descriptors.Add((descriptor, access));
            }
        }
        return new WaitSite(WaitKind.Poll) { Descriptors = descriptors, HasTimeout = hasTimeout };
    }

    private static FileAccess AccessOf(short events) =>
        ((events & LibC.POLLIN) != 0 ? FileAccess.Read : 0) | ((events & LibC.POLLOUT) != 0 ? FileAccess.Write : 0);

    private WaitSite Select(in SystemCall call, DirectoryReader thread)
    {
        List<(int, FileAccess)> descriptors = [];
        int count = (int)Math.Min(call[0], 1024);
        foreach ((int set, FileAccess access) in (ReadOnlySpan<(int, FileAccess)>)[(1, FileAccess.Read), (2, FileAccess.Write)])
        {
            // In words of the machine's size.
            ReadOnlySpan<byte> bits = call[set] == 0 ? default : Memory(thread, call[set], (count + 63) / 64 * 8);
            for (int number = 0; number < count && number / 8 < bits.Length; number++)
            {
                if ((bits[number / 8] & (1 << (number % 8))) != 0)
                {
                    descriptors.Add((number, access));
                }
            }
        }
        return new WaitSite(WaitKind.Poll) { Descriptors = descriptors, HasTimeout = call[4] != 0 };
    }

    private WaitSite RecordLock(in SystemCall call, DirectoryReader thread)
    {
        if ((int)call[1] is not (LibC.F_SETLKW or LibC.F_OFD_SETLKW))
        {
            return new WaitSite(WaitKind.Other);
        }
        WaitSite site = On(WaitKind.FileLock, call, FileAccess.Write) with
        {
            LockFlavour = (int)call[1] == LibC.F_SETLKW ? FileLockFlavour.Posix : FileLockFlavour.Ofd,
        };
        // struct flock: type, whence, start, length.
        ReadOnlySpan<byte> request = Memory(thread, call[2], 24);
        if (request.Length < 24)
        {
            return site;
        }
        bool isFromStart = BitConverter.ToInt16(request[2..]) == 0;
        long start = BitConverter.ToInt64(request[8..]);
        long length = BitConverter.ToInt64(request[16..]);
        return site with
        {
            LockMode = BitConverter.ToInt16(request) == LibC.F_RDLCK ? FileLockMode.Shared : FileLockMode.Exclusive,
            LockRange = isFromStart && start >= 0 && length >= 0 && length - 1 <= long.MaxValue - start ? new FileLockRange(start, length) : null,
        };
    }

    private string? Text(DirectoryReader thread, ulong address)
    {
        ReadOnlySpan<byte> bytes = Memory(thread, address, 256);
        int end = bytes.IndexOf((byte)0);
        return end <= 0 ? null : Encoding.UTF8.GetString(bytes[..end]);
    }

    private string? Address(DirectoryReader thread, ulong address, ulong length)
    {
        ReadOnlySpan<byte> bytes = Memory(thread, address, (int)Math.Min(length, 128));
        return bytes.Length < 3 ? null : SocketAddress.Describe(bytes);
    }

    // Short, or empty, where the page is not there or may not be looked at. It may end at the border of a mapping.
    private ReadOnlySpan<byte> Memory(DirectoryReader thread, ulong address, int length)
    {
        int read = address == 0 || length == 0 ? 0 : thread.ReadAt(MemoryFile, address, _memory.AsSpan(0, length));
        return read <= 0 ? default : _memory.AsSpan(0, read);
    }
}
