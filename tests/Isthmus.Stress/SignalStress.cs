using System.Diagnostics;

namespace Isthmus.Stress;

/// <summary>
/// Real-time signals queued from two processes while the receiver stalls again and again and its other threads are busy: each comes, in
/// the order of its sender. Where RLIMIT_SIGPENDING is lower than what the receiver lets pile up, the senders are told and wait.
/// </summary>
internal static class SignalStress
{
    private const int BusyThreads = 6;
    private const int StallEvery = 10_000;

    private static readonly Signal s_own = Signal.RealTime(1);
    private static readonly Signal s_other = Signal.RealTime(2);

    public static async Task RunAsync(int count, string[] arguments)
    {
        if (arguments is ["send", string text])
        {
            Console.WriteLine($"{Send(int.Parse(text, null), s_other, count)}");
            return;
        }
        using SignalStream stream = SignalStream.Open(s_own, s_other);
        using CancellationTokenSource enough = new();
        Thread[] busy = [.. Enumerable.Range(0, BusyThreads).Select(_ => new Thread(() => Work(enough.Token)) { IsBackground = true })];
        Array.ForEach(busy, thread => thread.Start());
        long start = Stopwatch.GetTimestamp();
        Task<CapturedOutput> other = ChildProcess.RunAsync(
            Environment.ProcessPath!, ["signals", "--count", $"{count / 2}", "send", $"{Environment.ProcessId}"]);
        Task<long> own = Task.Factory.StartNew(
            () => Send(Environment.ProcessId, s_own, count - (count / 2)), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        (int wrong, long queuedMost) = Receive(stream, count);

        TimeSpan took = Stopwatch.GetElapsedTime(start);
        await enough.CancelAsync();
        CapturedOutput sent = await other;
        long full = await own + long.Parse(sent.OutputText, null);
        Console.WriteLine($"{count} signals from 2 processes, {BusyThreads} busy threads: {count / took.TotalSeconds:F0} per second");
        long allowed = SignalState.Read(Environment.ProcessId).QueuedMax;
        Console.WriteLine($"at most {queuedMost} queued at once of {allowed} allowed; {full} times a sender found the queue full");
        Console.WriteLine($"{wrong} out of order, {stream.Dropped} dropped, {(stream.TryReceive(out _) ? "some" : "none")} left over");
        if (wrong != 0 || stream.Dropped != 0 || stream.TryReceive(out _))
        {
            throw new InvalidOperationException("Signals were lost, reordered or doubled.");
        }
    }

    private static long Send(int processId, Signal signal, int count)
    {
        using ProcessHandle process = ProcessHandle.Open(processId);
        long full = 0;
        for (int i = 0; i < count;)
        {
            switch (process.TryQueue(signal, i))
            {
                case SignalQueueOutcome.Queued:
                    i++;
                    break;
                case SignalQueueOutcome.Full:
                    full++;
                    Thread.Yield();
                    break;
                default:
                    throw new InvalidOperationException("The receiver has ended.");
            }
        }
        return full;
    }

    // Each sender's values count up from 0.
    private static (int Wrong, long QueuedMost) Receive(SignalStream stream, int count)
    {
        int own = 0, other = 0, wrong = 0;
        long queuedMost = 0;
        for (int i = 0; i < count; i++)
        {
            if (i % StallEvery == 0)
            {
                queuedMost = Math.Max(queuedMost, Stall());
            }
            SignalInfo signal = stream.Receive();
            wrong += signal.Value == (signal.Signal == s_own ? own++ : other++) ? 0 : 1;
        }
        return (wrong, queuedMost);
    }

    // Until what is queued grows no more: the senders are done, or have run into the limit.
    private static long Stall()
    {
        long before, now = SignalState.Read(Environment.ProcessId).QueuedCount;
        using TimerFd timer = TimerFd.Create();
        do
        {
            before = now;
            timer.Set(TimeSpan.FromMilliseconds(50));
            timer.Read();
            now = SignalState.Read(Environment.ProcessId).QueuedCount;
        }
        while (now > before);
        return now;
    }

    private static void Work(CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            Thread.SpinWait(100_000);
        }
    }
}
