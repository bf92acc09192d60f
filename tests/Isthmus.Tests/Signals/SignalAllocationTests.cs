using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Signals;

/// <summary>Signals are sent and received without allocations.</summary>
[Collection(Alone.Name)]
public sealed class SignalAllocationTests
{
    private const int Rounds = 1000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sync_calls_allocate_nothing(bool mixed)
    {
        using SignalStream stream = mixed ? SignalStream.Open(Signal.RealTime(18), Signal.SIGUSR1) : SignalStream.Open(Signal.RealTime(18));
        using ProcessHandle self = ProcessHandle.Open(Environment.ProcessId);
        using PosixTimer timer = PosixTimer.Create(Signal.RealTime(18));
        Run(100);
        Assert.Equal(0, Allocated.ByThisThread(() => Run(Rounds)));

        void Run(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                self.Queue(Signal.RealTime(18), i);
                stream.Receive();
                self.Queue(Signal.RealTime(18), i);
                stream.TryReceive(TimeSpan.FromSeconds(1), out _);
                stream.TryReceive(out _);
                timer.Set(TimeSpan.FromHours(1));
                timer.Stop();
                if (mixed)
                {
                    ThreadSignals.Raise(Signal.SIGUSR1);
                    stream.Receive();
                }
            }
        }
    }

    [Fact]
    public async Task Async_waits_allocate_nothing()
    {
        using SignalStream stream = SignalStream.Open(Signal.RealTime(18));
        using ProcessHandle self = ProcessHandle.Open(Environment.ProcessId);
        // One object a round would be 24 bytes at least.
        Assert.InRange(await Allocated.PerRoundAsync(RunAsync), 0, 20);

        async Task RunAsync(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                ValueTask<SignalInfo> receive = stream.ReceiveAsync();
                self.Queue(Signal.RealTime(18), i);
                await receive;
            }
        }
    }
}
