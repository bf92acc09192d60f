using System.Globalization;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.FileLocks;

/// <summary>What holds between processes, and at their death.</summary>
public sealed class FileLockProcessTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Name => _directory["file"];

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(FileLockKind.Ofd)]
    [InlineData(FileLockKind.Posix)]
    [InlineData(FileLockKind.Flock)]
    public async Task A_killed_holder_has_released_while_it_is_still_a_zombie(FileLockKind kind)
    {
        using ChildProcess child = StartHolder(kind);
        using FileLock ours = FileLock.Open(Name, new() { Kind = kind });
        Assert.False(ours.TryAcquire());
        Assert.Contains(FileLock.FindHolders(Name), holder => holder.ProcessId == child.Id && holder.Kind == kind && holder.Descriptor is not null);
        // It waits while the holder is killed, and nobody reaps it.
        ValueTask acquire = ours.AcquireAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(child.Kill());
        await acquire.OrHang();
        string stat = string.Create(CultureInfo.InvariantCulture, $"/proc/{child.Id}/stat");
        await Eventually.IsTrue(() => File.ReadAllText(stat).Contains(") Z ", StringComparison.Ordinal));
        Assert.Equal(Signal.SIGKILL, child.Wait().Signal);
    }

    [Fact]
    public void POSIX_locks_exclude_processes_and_F_GETLK_names_the_holder()
    {
        using ChildProcess child = StartHolder(FileLockKind.Posix);
        using FileLock ours = FileLock.Open(Name, new() { Kind = FileLockKind.Posix });
        using FileLock ofd = FileLock.Open(Name, new() { Range = new(5, 1) });
        Assert.False(ours.TryAcquire(TimeSpan.FromMilliseconds(10)));
        FileLockHolder expected = new(FileLockKind.Posix, FileLockMode.Exclusive, FileLockRange.All, child.Id, null);
        Assert.Equal(expected, ours.FindConflict());
        Assert.Equal(expected, ofd.FindConflict(FileLockMode.Shared));
        child.StandardInput.Dispose();
        child.Wait();
        Assert.Null(ours.FindConflict());
        ours.Acquire(FileLockMode.Shared);
        // Its own lock is in nobody's own way; an OFD lock has no process.
        Assert.Null(ours.FindConflict());
        Assert.Null(ofd.FindConflict(FileLockMode.Shared));
        ours.Release();
        ofd.Acquire();
        Assert.Equal(new(FileLockKind.Ofd, FileLockMode.Exclusive, new(5, 1), null, null), ours.FindConflict());
        using FileLock flock = FileLock.Open(Name, new() { Kind = FileLockKind.Flock });
        Assert.Throws<NotSupportedException>(() => flock.FindConflict());
    }

    [Theory]
    [InlineData("flock 9")]
    [InlineData("python3 -c 'import fcntl,struct; fcntl.fcntl(9, 37, struct.pack(\"hhqqi4x\", 1, 0, 0, 0, 0))'")]
    public void A_dead_acquirer_is_never_blamed_but_the_survivor_that_holds_the_descriptor(string acquirer)
    {
        Peer.Require("python3");
        Peer.Require("flock");
        // The shell opens the file, a child of it locks it and dies.
        using ChildProcess shell = Start("sh", "-c", $"exec 9<>'{Name}'; {acquirer} & echo $!; wait; echo done; read x");
        using StreamReader output = new(shell.StandardOutput);
        int dead = int.Parse(output.ReadLine()!, CultureInfo.InvariantCulture);
        Assert.Equal("done", output.ReadLine());
        Assert.Equal((shell.Id, 9), Assert.Single(FileLock.FindHolders(Name)) is var holder ? (holder.ProcessId, holder.Descriptor) : default);
        Assert.False(Directory.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{dead}")));
    }

    [Fact]
    public void A_lock_is_told_once_while_so_many_others_come_and_go_that_the_table_of_the_kernel_tells_it_twice()
    {
        const string Churn = """
            import fcntl, random, sys
            files = [open(f'{sys.argv[1]}.{i}', 'w') for i in range(300)]
            for file in files[::2]: fcntl.flock(file, fcntl.LOCK_EX)
            print('churn', flush=True)
            while True: fcntl.flock(random.choice(files), random.choice([fcntl.LOCK_EX, fcntl.LOCK_UN]))
            """;
        using FileLock posix = FileLock.OpenOrCreate(Name, new() { Kind = FileLockKind.Posix, Range = new(0, 1) });
        using FileLock ofd = FileLock.OpenOrCreate(Name, new() { Kind = FileLockKind.Ofd, Range = new(1, 1) });
        posix.Acquire();
        ofd.Acquire(FileLockMode.Shared);
        using ChildProcess churn = Start(Peer.Require("python3"), "-c", Churn, Name);
        try
        {
            churn.StandardOutput.ReadExactly(new byte[6]);
            for (int i = 0; i < 100; i++)
            {
                // A child that another test starts just now may hold copies until its exec.
                Assert.Equal([posix.Handle.DangerousGetHandle(), ofd.Handle.DangerousGetHandle()],
                    FileLock.FindHolders(Name).Where(holder => holder.ProcessId is null || holder.ProcessId == Environment.ProcessId)
                        .OrderBy(holder => holder.Range.Start).Select(holder => (nint)(holder.Descriptor ?? -1)));
            }
        }
        finally
        {
            churn.Kill();
            churn.Wait();
        }
    }

    [Fact]
    public void A_circle_of_three_processes_is_a_deadlock_that_the_POSIX_flavour_finds()
    {
        using Child one = Child.Start(AcquireTwo, Name, "1", "2");
        using Child two = Child.Start(AcquireTwo, Name, "2", "0");
        using FileLock first = FileLock.OpenOrCreate(Name, new() { Kind = FileLockKind.Posix, Range = new(0, 1) });
        first.Acquire();
        foreach (Child child in (Child[])[one, two])
        {
            Assert.Equal("first", child.ReadLine());
        }
        foreach (Child child in (Child[])[one, two])
        {
            child.WriteLine("second");
            // It waits when the kernel shows it as one who does.
            Assert.True(SpinWait.SpinUntil(() => Waits(child.Id), Child.Limit));
        }
        using FileLock second = FileLock.On(first.Handle, new() { Kind = FileLockKind.Posix, Range = new(1, 1) });
        PosixException error = Assert.Throws<PosixException>(() => second.Acquire());
        Assert.Equal(Errno.EDEADLK, error.Errno);
        Assert.Contains("Deadlock", error.Message, StringComparison.Ordinal);
        Assert.Null(second.Mode);
        // Who gives up frees the others.
        first.Release();
        Assert.Equal("both", two.ReadLine());
        Assert.Equal("both", one.ReadLine());
    }

    [Fact]
    public async Task An_awaited_POSIX_lock_finds_a_deadlock_too()
    {
        using Child other = Child.Start(AcquireTwo, Name, "1", "0");
        using FileLock first = FileLock.OpenOrCreate(Name, new() { Kind = FileLockKind.Posix, Range = new(0, 1) });
        using FileLock second = FileLock.On(first.Handle, new() { Kind = FileLockKind.Posix, Range = new(1, 1) });
        first.Acquire();
        Assert.Equal("first", other.ReadLine());
        other.WriteLine("second");
        Assert.True(SpinWait.SpinUntil(() => Waits(other.Id), Child.Limit));
        PosixException error = await Assert.ThrowsAsync<PosixException>(
            () => second.AcquireAsync(cancellationToken: TestContext.Current.CancellationToken).OrHang());
        Assert.Equal(Errno.EDEADLK, error.Errno);
        Assert.Null(second.Mode);
    }

    // "1: -> POSIX  ADVISORY  WRITE 123 …"
    private static bool Waits(int processId) => File.ReadLines("/proc/locks").Any(line =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, "->", _, _, _, string id, ..]
        && id == processId.ToString(CultureInfo.InvariantCulture));

    private static void AcquireTwo(string[] args)
    {
        FileLock[] locks =
        [
            .. args[1..].Select(start => FileLock.OpenOrCreate(
                args[0], new() { Kind = FileLockKind.Posix, Range = new(long.Parse(start, CultureInfo.InvariantCulture), 1) })),
        ];
        locks[0].Acquire();
        Console.WriteLine("first");
        Console.ReadLine();
        locks[1].Acquire();
        Console.WriteLine("both");
    }

    private ChildProcess StartHolder(FileLockKind kind)
    {
        string call = kind switch
        {
            FileLockKind.Flock => "fcntl.flock(f, fcntl.LOCK_EX)",
            FileLockKind.Posix => "fcntl.lockf(f, fcntl.LOCK_EX)",
            _ => "fcntl.fcntl(f, 37, struct.pack('hhqqi4x', 1, 0, 0, 0, 0))",
        };
        string script = $"import fcntl, struct, sys; f = open(sys.argv[1], 'w+'); {call}; print('held', flush=True); sys.stdin.read()";
        ChildProcess child = Start(Peer.Require("python3"), "-c", script, Name);
        byte[] line = new byte[5];
        child.StandardOutput.ReadExactly(line);
        Assert.Equal("held\n"u8, line);
        return child;
    }

    private static ChildProcess Start(string program, params string[] arguments) => ChildProcess.Start(new ChildProcessOptions
    {
        FileName = program,
        Arguments = arguments,
        StandardInput = StandardStream.Pipe,
        StandardOutput = StandardStream.Pipe,
    });
}
