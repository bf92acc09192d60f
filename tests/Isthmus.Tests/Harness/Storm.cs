using System.Globalization;
using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus.Tests.Harness;

/// <summary>
/// Signals to random threads of this process all the time, where the environment asks for it (<c>ISTHMUS_STORM=1000</c>: as many a second):
/// each ends a blocking system call with EINTR, because its handler stands without SA_RESTART. Children of the tests, which
/// have the same environment, get storms of their own. <c>tests/Isthmus.Stress storm</c> runs the suite so.
/// </summary>
internal sealed class Storm
{
    public const string Variable = "ISTHMUS_STORM";

    // Ignored by default, so that a program without the handler takes no notice.
    private const int SIGURG = 23;

    private long _sent;
    private long _interrupted;

    private Storm()
    {
    }

    /// <summary>Null when the environment asks for none.</summary>
    public static Storm? StartIfAsked()
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out int rate))
        {
            return null;
        }
        InstallHandler();
        Storm storm = new();
        new Thread(storm.Count) { IsBackground = true, Name = "storm-gauge" }.Start();
        new Thread(() => storm.Send(rate)) { IsBackground = true, Name = "storm" }.Start();
        return storm;
    }

    /// <summary>Says how many signals were sent, and how often a thread that sleeps in poll(2) was interrupted by them.</summary>
    public void Report() => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"STORM {Interlocked.Read(ref _sent)} signals sent; one sleeping thread was interrupted {Interlocked.Read(ref _interrupted)} times"));

    // Managed code must not run as a handler; getpid does nothing, in any thread at any moment (signal-safety(7)).
    private static unsafe void InstallHandler()
    {
        LibC.sigaction action = new() { sa_handler = NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "getpid") };
        LibC.Check(LibC.sigaction_of(SIGURG, &action, null));
    }

    private unsafe void Count()
    {
        while (true)
        {
            if (LibC.ppoll(null, 0, null, null) < 0 && Errno.Last == Errno.EINTR)
            {
                Interlocked.Increment(ref _interrupted);
            }
        }
    }

    private void Send(int rate)
    {
        using TimerFd timer = TimerFd.Create();
        timer.Set(TimeSpan.FromSeconds(1.0 / rate), TimeSpan.FromSeconds(1.0 / rate));
        IReadOnlyList<int> threads = [Environment.ProcessId]; // The main thread.
        for (long ticks = 0; ; ticks++)
        {
            if (ticks % 50 == 0)
            {
                threads = Threads(threads);
            }
            ulong due = timer.Read();
            for (; due > 0; due--)
            {
                // A thread that has ended meanwhile is no error.
                _ = LibC.tgkill(Environment.ProcessId, threads[Random.Shared.Next(threads.Count)], SIGURG);
                Interlocked.Increment(ref _sent);
            }
        }
    }

    private static IReadOnlyList<int> Threads(IReadOnlyList<int> known)
    {
        try
        {
            return ThreadInfo.TaskIds(Environment.ProcessId);
        }
        catch (Exception error) when (error is IOException or PlatformNotSupportedException)
        {
            return known; // A test has used up the descriptors, or its /proc is that of another pid namespace.
        }
    }
}
