using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Isthmus.Stress.Channels;

/// <summary>
/// Uses channels while somebody scribbles over their memory all the time: <c>hostile --count 60</c>, so many seconds for each kind. Each use ends
/// in time, with a documented error or none; a crash ends the run.
/// </summary>
internal static class HostileStress
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(1), s_limit = TimeSpan.FromSeconds(10);

    public static Task RunAsync(int seconds, string[] rest)
    {
        foreach (ChannelSubject subject in ChannelSubject.All)
        {
            Run(subject, TimeSpan.FromSeconds(seconds));
        }
        return Task.CompletedTask;
    }

    private static void Run(ChannelSubject subject, TimeSpan time)
    {
        byte[] whole = subject.MakeImage();
        MemoryImage image = new(whole);
        Outcomes outcomes = new();
        long rounds = 0, scribbles = 0, start = Stopwatch.GetTimestamp();
        for (; Stopwatch.GetElapsedTime(start) < time; rounds++)
        {
            using AnonymousMemory memory = SealedMemory.Of(whole);
            using Scribbler scribbler = new(memory, image, (int)rounds);
            long begun = Stopwatch.GetTimestamp();
            outcomes.Count(() => subject.Use(memory.Handle, s_patience), () => $"{subject.Name}, round {rounds}");
            if (Stopwatch.GetElapsedTime(begun) > s_limit)
            {
                throw new InvalidOperationException($"{subject.Name}, round {rounds} took {Stopwatch.GetElapsedTime(begun)}.");
            }
            scribbles += scribbler.Stop();
        }
        Console.WriteLine($"{subject.Name}: {rounds} uses in {time.TotalSeconds:0} s while {scribbles} words were scribbled: {outcomes}");
    }

    /// <summary>Somebody who may write the memory, and does. It begins with what steers a channel that was opened, so that some are.</summary>
    private sealed class Scribbler : IDisposable
    {
        private readonly AnonymousMemory _memory;
        private readonly MemoryImage _image;
        private readonly Random _random;
        private readonly Thread _thread;
        private volatile bool _ends;
        private long _count;

        public Scribbler(AnonymousMemory memory, MemoryImage image, int seed)
        {
            (_memory, _image, _random) = (memory, image, new Random(seed));
            _thread = new Thread(Scribble);
            _thread.Start();
        }

        public long Stop()
        {
            _ends = true;
            _thread.Join();
            return _count;
        }

        public void Dispose() => Stop();

        private void Scribble()
        {
            Thread.SpinWait(_random.Next(200_000));
            while (!_ends)
            {
                ref ulong word = ref Unsafe.As<byte, ulong>(ref _memory.Span[_image.Place(_random)]);
                Volatile.Write(ref word, MemoryImage.Changed(_random, word));
                Thread.SpinWait(_random.Next(100));
                _count++;
            }
        }
    }
}
