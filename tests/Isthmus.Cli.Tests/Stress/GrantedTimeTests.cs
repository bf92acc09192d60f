using System.Diagnostics;
using Isthmus.Cli.Stress;
using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests.Stress;

public sealed class GrantedTimeTests
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    // Steps of the clock that the kernel counts CPU time by.
    private static readonly TimeSpan s_steps = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task Those_who_all_sleep_could_use_all_of_it()
    {
        using ChildProcess sleeper = Start("sleep", "1h");
        await Eventually.IsTrue(() => ThreadInfo.Read(sleeper.Id).All(thread => thread.State == ThreadRunState.Sleeping));
        GrantedTime granted = new();
        Assert.Equal((s_hour, s_hour), (granted.Of([sleeper.Id], s_hour), granted.Of([sleeper.Id], s_hour)));
        End(sleeper);
    }

    [Fact]
    public async Task Who_wants_a_CPU_could_use_what_it_got()
    {
        using ChildProcess spinner = Start("sh", "-c", "while :; do :; done");
        await Eventually.IsTrue(() => ThreadInfo.Read(spinner.Id)[0].UserTime > TimeSpan.Zero);
        GrantedTime granted = new();
        long start = Stopwatch.GetTimestamp();
        Assert.Equal(TimeSpan.Zero, granted.Of([spinner.Id], s_hour));
        TimeSpan sum = TimeSpan.Zero;
        await Eventually.IsTrue(() =>
        {
            sum += granted.Of([spinner.Id], s_hour);
            return sum > s_steps;
        });
        Assert.InRange(sum, s_steps, Stopwatch.GetElapsedTime(start) + s_steps);
        End(spinner);
    }

    [Fact]
    public void Nothing_is_known_of_who_has_ended() => Assert.Equal(s_hour, new GrantedTime().Of([int.MaxValue], s_hour));

    private static ChildProcess Start(string program, params string[] arguments) =>
        ChildProcess.Start(new ChildProcessOptions { FileName = program, Arguments = arguments, DiesWithParent = true });

    private static void End(ChildProcess process)
    {
        process.Kill();
        process.Wait();
    }
}
