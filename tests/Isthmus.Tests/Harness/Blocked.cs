using System.Diagnostics;

namespace Isthmus.Tests.Harness;

/// <summary>A thread that sleeps in the kernel: for tests that act on a call that really blocks.</summary>
internal sealed class Blocked
{
    // On its way there it may sleep for other reasons.
    private static readonly TimeSpan s_long = TimeSpan.FromMilliseconds(5);

    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? _directory;

    private Blocked(Action body)
    {
        Thread thread = new(() => Run(body)) { IsBackground = true };
        thread.Start();
    }

    /// <summary>Starts a call and returns when it sleeps.</summary>
    public static Blocked In(Action call)
    {
        Blocked blocked = new(call);
        int looks = 0;
        long since = 0;
        Assert.True(SpinWait.SpinUntil(HasSlept, Child.Limit), "The call does not block.");
        return blocked;

        // At several looks in a row, for so long.
        bool HasSlept()
        {
            looks = blocked.Sleeps() ? looks + 1 : 0;
            since = looks <= 1 ? Stopwatch.GetTimestamp() : since;
            return looks >= 5 && Stopwatch.GetElapsedTime(since) >= s_long;
        }
    }

    /// <summary>Waits until the call has ended; throws what it threw.</summary>
    public void Join() => _done.Task.OrHang().GetAwaiter().GetResult();

    private void Run(Action body)
    {
        _directory = Path.GetFullPath("/proc/" + new FileInfo("/proc/thread-self").LinkTarget);
        try
        {
            body();
            _done.SetResult();
        }
        catch (Exception error)
        {
            _done.SetException(error);
        }
    }

    private bool Sleeps()
    {
        if (_directory is null)
        {
            return false;
        }
        Assert.False(_done.Task.IsCompleted, "The call ended instead of blocking: " + _done.Task.Exception);
        string stat = File.ReadAllText(_directory + "/stat");
        return stat[stat.LastIndexOf(')') + 2] == 'S';
    }
}
