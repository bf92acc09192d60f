using System.Globalization;
using System.Runtime.InteropServices;
using Isthmus.Tests.Segments;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Synchronization;

/// <summary>
/// The same crash over and over on one object with two slots: what a death takes away comes back each time, whether a survivor repairs it or the
/// one who takes the slot next.
/// </summary>
public sealed class SameCrashTests
{
    private static readonly int s_crashes =
        int.TryParse(Environment.GetEnvironmentVariable("ISTHMUS_CRASHES"), CultureInfo.InvariantCulture, out int asked) ? asked : 60;

    private static readonly SharedObjectOptions s_two = new() { MaxParticipants = 2 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Owner_of_a_mutex(bool fair)
    {
        using SharedMutex mutex = SharedMutex.CreateUnnamed(new() { MaxParticipants = 2, Fair = fair });
        Crash(mutex, static memory => SharedMutex.OpenUnnamed(memory), static dying => dying.Enter(), _ =>
        {
            using SharedMutexScope scope = mutex.Enter();
            Assert.True(scope.IsAbandoned);
            scope.DeclareConsistent();
        });
    }

    [Fact]
    public void Reader_writer_and_one_that_upgrades()
    {
        using SharedReaderWriterLock it = SharedReaderWriterLock.CreateUnnamed(s_two);
        Crash(it, SharedReaderWriterLock.OpenUnnamed, static dying => dying.EnterRead(), _ => AssertFree(it, isAbandoned: false));
        Crash(it, SharedReaderWriterLock.OpenUnnamed, static dying => dying.EnterUpgradeableRead(), _ => AssertFree(it, isAbandoned: false));
        Crash(it, SharedReaderWriterLock.OpenUnnamed, static dying => dying.EnterWrite(), _ => AssertFree(it, isAbandoned: true));
    }

    [Fact]
    public void Holder_of_permits()
    {
        using SharedSemaphore semaphore = SharedSemaphore.CreateUnnamed(3, 3, new() { MaxParticipants = 2, OwnerTracked = true });
        Crash(
            semaphore,
            SharedSemaphore.OpenUnnamed,
            static dying =>
            {
                dying.Acquire();
                dying.Acquire();
            },
            _ => Assert.Equal(3, semaphore.CurrentCount));
    }

    [Fact]
    public void Members_of_a_barrier()
    {
        using SharedBarrier barrier = SharedBarrier.CreateUnnamed(s_two);
        using SharedBarrierMember mine = barrier.Join();
        Crash(
            barrier,
            SharedBarrier.OpenUnnamed,
            static dying =>
            {
                dying.Join();
                dying.Join();
            },
            _ =>
            {
                Assert.Equal(BarrierOutcome.Broken, mine.SignalAndWait());
                barrier.Reset();
                Assert.Equal(1, barrier.GetStatus().MemberCount);
                Assert.Equal(BarrierOutcome.Last, mine.SignalAndWait());
            });
    }

    [Fact]
    public void Writer_of_a_value()
    {
        using SharedValue<(long, long)> value = SharedValue<(long, long)>.CreateUnnamed(options: s_two);
        Crash(
            value,
            SharedValue<(long, long)>.OpenUnnamed,
            static dying => dying.Update(pair =>
            {
                dying.Segment.Abandon();
                return (-1, -1);
            }),
            round =>
            {
                Assert.Equal((round, round), value.Read());
                value.Write((round + 1, round + 1));
            });
    }

    private static void Crash<T>(T survivor, Func<SafeHandle, T> open, Action<T> take, Action<long> check)
        where T : SharedObject
    {
        using SafeFileHandle memory = survivor.Share();
        for (long round = 0; round < s_crashes; round++)
        {
            T dying = open(memory);
            try
            {
                take(dying);
            }
            catch (ObjectDisposedException)
            {
                // It died in the middle of a call.
            }
            dying.Segment.Die(survivor.Segment);
            if (round % 2 == 0)
            {
                Assert.True(survivor.Segment.Recover(dying.Segment.Slot));
            }
            else
            {
                open(memory).Dispose();
                survivor.Segment.AwaitDeath(dying.Segment.Slot);
            }
            check(round);
            dying.Dispose();
        }
        Assert.Equal(2, survivor.Segment.SlotsInUse);
    }

    private static void AssertFree(SharedReaderWriterLock it, bool isAbandoned)
    {
        Assert.True(it.TryEnterWrite(out SharedReaderWriterScope scope));
        Assert.Equal(isAbandoned, scope.IsAbandoned);
        scope.DeclareConsistent();
        scope.Dispose();
    }
}
