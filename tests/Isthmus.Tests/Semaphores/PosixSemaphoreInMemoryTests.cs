using Isthmus.Tests.Harness;
using Isthmus.Tests.SharedMemory;

namespace Isthmus.Tests.Semaphores;

/// <summary>Semaphores without a name, in memory that processes share.</summary>
public sealed class PosixSemaphoreInMemoryTests
{
    private const long Offset = 64;

    [Fact]
    public void It_is_the_same_through_every_mapping()
    {
        using AnonymousMemory memory = AnonymousMemory.Create(4096);
        using FileBackedMemory again = memory.MapAgain();
        using PosixSemaphore here = PosixSemaphore.CreateIn(memory, Offset, 2);
        using PosixSemaphore there = PosixSemaphore.OpenIn(again, Offset);
        Assert.Null(here.Name);
        there.Acquire();
        Assert.Equal(1, here.Value);
        Assert.True(here.TryAcquire());
        Blocked waiter = Blocked.In(there.Acquire);
        here.Release();
        waiter.Join();
    }

    [Fact]
    public void Two_processes_exchange_a_thousand_turns()
    {
        using SharedMemoryName name = new();
        using PosixSharedMemory memory = PosixSharedMemory.Create(name, 4096);
        using PosixSemaphore ping = PosixSemaphore.CreateIn(memory, 0, 0);
        using PosixSemaphore pong = PosixSemaphore.CreateIn(memory, PosixSemaphore.SizeBytes, 0);
        using Child other = Child.Start(Answer, name);
        for (int i = 1; i <= 1000; i++)
        {
            memory.AsSpan<int>(128, 1)[0] = i;
            ping.Release();
            Assert.True(pong.TryAcquire(Child.Limit));
            Assert.Equal(-i, memory.AsSpan<int>(128, 1)[0]);
        }
        Assert.Equal(0, other.WaitForExit());
    }

    [Fact]
    public void The_memory_stays_until_its_semaphores_are_disposed_too()
    {
        using SharedMemoryName name = new();
        PosixSharedMemory.Create(name, 4096).Dispose();
        PosixSharedMemory memory = PosixSharedMemory.Open(name);
        PosixSemaphore first = PosixSemaphore.CreateIn(memory, 0, 1);
        PosixSemaphore second = PosixSemaphore.CreateIn(memory, PosixSemaphore.SizeBytes, 1);
        memory.Dispose();
        first.Acquire();
        first.Dispose();
        second.Release();
        Assert.Equal(2, second.Value);
        Assert.Contains(name.Path + "\n", File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);
        second.Dispose();
        // The end of the line: another test's name may begin with this one.
        Assert.DoesNotContain(name.Path + "\n", File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => PosixSemaphore.OpenIn(memory, 0));
    }

    [Fact]
    public void It_lives_in_memory_of_every_kind()
    {
        using TemporaryDirectory directory = new();
        using MappedFile file = MappedFile.Create(directory["file"], 100);
        using SystemVSharedMemory systemV = SystemVSharedMemory.Create(SystemVKey.Private, 100);
        systemV.Remove();
        foreach (MappedMemory memory in (MappedMemory[])[file, systemV])
        {
            using PosixSemaphore semaphore = PosixSemaphore.CreateIn(memory, 8, 1);
            semaphore.Acquire();
            Assert.Equal(0, semaphore.Value);
        }
    }

    [Theory]
    [InlineData(-8)]
    [InlineData(4)]
    [InlineData(4096 - 24)]
    [InlineData(4096)]
    [InlineData(long.MaxValue - 7)]
    public void A_place_where_none_fits_throws(long offset)
    {
        using AnonymousMemory memory = AnonymousMemory.Create(4096);
        Assert.Throws<ArgumentOutOfRangeException>(() => PosixSemaphore.CreateIn(memory, offset, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => PosixSemaphore.OpenIn(memory, offset));
    }

    [Fact]
    public void Memory_that_cannot_carry_one_is_refused()
    {
        using SharedMemoryName name = new();
        using PosixSharedMemory memory = PosixSharedMemory.Create(name, 4096);
        using PosixSharedMemory readOnly = PosixSharedMemory.Open(name, new() { Access = MemoryAccess.Read });
        using PosixSharedMemory copy = PosixSharedMemory.Open(name, new() { Access = MemoryAccess.CopyOnWrite });
        Assert.Throws<InvalidOperationException>(() => PosixSemaphore.CreateIn(readOnly, 0, 0));
        Assert.Throws<ArgumentException>(() => PosixSemaphore.CreateIn(copy, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => PosixSemaphore.CreateIn(memory, 0, -1));
        Assert.Throws<ArgumentNullException>(() => PosixSemaphore.CreateIn(null!, 0, 0));
        Assert.Equal(0, memory.AsSpan<long>(0, 1)[0]);
    }

    private static void Answer(string[] args)
    {
        using PosixSharedMemory memory = PosixSharedMemory.Open(args[0]);
        using PosixSemaphore ping = PosixSemaphore.OpenIn(memory, 0);
        using PosixSemaphore pong = PosixSemaphore.OpenIn(memory, PosixSemaphore.SizeBytes);
        for (int i = 0; i < 1000; i++)
        {
            ping.Acquire();
            memory.AsSpan<int>(128, 1)[0] *= -1;
            pong.Release();
        }
    }
}
