using Isthmus.Tests.Harness;
using Isthmus.Tests.Segments;

namespace Isthmus.Tests.Synchronization;

public sealed class SharedReaderWriterLockCrashTests
{
    [Theory]
    [InlineData("read")]
    [InlineData("upgradeable")]
    public void Death_of_one_that_only_reads_lets_a_blocked_writer_in_and_is_told_to_nobody(string how)
    {
        using TemporaryName name = new();
        using SharedReaderWriterLock mine = SharedReaderWriterLock.Create(name);
        using Child reader = Start(name, how);
        Blocked writer = Blocked.In(() =>
        {
            using SharedReaderWriterScope scope = mine.EnterWrite();
            Assert.False(scope.IsAbandoned);
        });
        reader.Kill();
        writer.Join();
    }

    [Theory]
    [InlineData(SharedReaderWriterMode.Read)]
    [InlineData(SharedReaderWriterMode.UpgradeableRead)]
    [InlineData(SharedReaderWriterMode.Write)]
    public async Task Death_of_the_writer_is_told_to_those_who_wait(SharedReaderWriterMode mode)
    {
        using TemporaryName name = new();
        using SharedReaderWriterLock mine = SharedReaderWriterLock.Create(name);
        using Child writer = Start(name, "write");
        bool isTold = false;
        Blocked blocked = Blocked.In(() =>
        {
            using SharedReaderWriterScope scope = Enter(mine, mode).AsTask().GetAwaiter().GetResult();
            isTold = scope.IsAbandoned;
            if (scope.Mode == SharedReaderWriterMode.Write)
            {
                scope.DeclareConsistent();
            }
        });
        writer.Kill();
        blocked.Join();
        Assert.True(isTold);
        using SharedReaderWriterScope next = await Enter(mine, mode);
        Assert.Equal(mode != SharedReaderWriterMode.Write, next.IsAbandoned);
    }

    [Fact]
    public void Death_of_a_writer_that_still_waits_lets_the_readers_in_and_is_told_to_nobody()
    {
        using TemporaryName name = new();
        using SharedReaderWriterLock mine = SharedReaderWriterLock.Create(name);
        using SharedReaderWriterScope reading = mine.EnterRead();
        using Child writer = Start(name, "wait-to-write");
        Blocked reader = Blocked.In(() =>
        {
            using SharedReaderWriterScope scope = mine.EnterRead();
            Assert.False(scope.IsAbandoned);
        });
        writer.Kill();
        reader.Join();
    }

    [Fact]
    public void Death_of_a_reader_that_waits_does_not_hold_up_the_next_writer()
    {
        using TemporaryName name = new();
        using SharedReaderWriterLock mine = SharedReaderWriterLock.Create(name);
        SharedReaderWriterScope writing = mine.EnterWrite();
        using Child reader = Start(name, "wait-to-read");
        Blocked writer = Blocked.In(() => mine.EnterWrite().Dispose());
        // It cannot take its turn any more.
        reader.Pause();
        writing.Dispose();
        reader.Kill();
        writer.Join();
    }

    [Fact]
    public void Stopped_reader_is_alive_and_keeps_writers_out()
    {
        using TemporaryName name = new();
        using SharedReaderWriterLock mine = SharedReaderWriterLock.Create(name);
        using Child reader = Start(name, "read");
        using ProcessHandle process = ProcessHandle.Open(reader.Id);
        reader.Pause();
        Assert.False(mine.TryEnterWrite(TimeSpan.FromMilliseconds(50), out _));
        process.Send(Signal.SIGCONT);
        reader.WriteLine("leave");
        using SharedReaderWriterScope scope = mine.EnterWrite();
        Assert.False(scope.IsAbandoned);
    }

    [Fact]
    public void Same_deaths_again_and_again_leave_the_lock_as_good_as_new()
    {
        using TemporaryName name = new();
        using SharedReaderWriterLock mine = SharedReaderWriterLock.Create(name);
        foreach (string how in (string[])["read", "write", "upgradeable", "write", "read"])
        {
            using (Child child = Start(name, how))
            {
                child.Kill();
            }
            using SharedReaderWriterScope scope = mine.EnterWrite();
            Assert.Equal(how == "write", scope.IsAbandoned);
            scope.DeclareConsistent();
            mine.Segment.AwaitVacant(1);
        }
        Assert.True(mine.Segment.SlotsInUse <= 2, "A dead participant's slot is taken again.");
    }

    private static Child Start(string name, string how)
    {
        Child child = Child.Start(TakePart, name, how);
        Assert.Equal("in", child.ReadLine());
        return child;
    }

    private static ValueTask<SharedReaderWriterScope> Enter(SharedReaderWriterLock mine, SharedReaderWriterMode mode) => mode switch
    {
        SharedReaderWriterMode.Read => mine.EnterReadAsync(),
        SharedReaderWriterMode.UpgradeableRead => mine.EnterUpgradeableReadAsync(),
        _ => new(mine.EnterWrite()),
    };

    private static void TakePart(string[] args)
    {
        using SharedReaderWriterLock mine = SharedReaderWriterLock.Open(args[0]);
        if (args[1].StartsWith("wait", StringComparison.Ordinal))
        {
            Blocked.In(() => _ = args[1] == "wait-to-read" ? mine.EnterRead() : mine.EnterWrite());
        }
        using SharedReaderWriterScope scope = args[1] switch
        {
            "read" => mine.EnterRead(),
            "upgradeable" => mine.EnterUpgradeableRead(),
            "write" => mine.EnterWrite(),
            _ => default,
        };
        Console.WriteLine("in");
        Console.ReadLine();
    }
}
