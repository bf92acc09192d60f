using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus barrier wait</c>: a member from its start to its end.</summary>
internal static class BarrierWaitCommand
{
    // Nobody is told that a member has joined; people start commands, and do not notice.
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    public static Command Create()
    {
        CliCommand command = new("wait", "Join a barrier, wait until all members have arrived, and leave it. Ends with 1 when one of them dies.")
        {
            Examples = ["isthmus barrier wait start --members 3 --timeout 1m && ./server"],
        };
        SharedNameInput name = SharedNameInput.AddTo(command);
        Option<int?> members = NumberOption.Create("--members", "Arrive only when there are so many members, this one counted.", 1, int.MaxValue);
        command.Add(members);
        Option<TimeSpan?> timeout = TimeLimit.Option();
        command.Add(timeout);
        command.SetAction((line, interrupted) => RunAsync(
            SharedBarrier.Open(name.Get(line), name.Options(line, new SharedObjectOptions())), line.GetValue(members) ?? 1, line.GetValue(timeout),
            interrupted));
        return command;
    }

    private static async Task<int> RunAsync(SharedBarrier opened, int members, TimeSpan? timeout, CancellationToken interrupted)
    {
        using SharedBarrier barrier = opened;
        using SharedBarrierMember member = barrier.Join();
        // A try first: a timeout of 0 leaves no time for more.
        BarrierOutcome tried = barrier.GetStatus().MemberCount >= members ? member.TrySignalAndWait() : BarrierOutcome.TimedOut;
        return tried == BarrierOutcome.TimedOut
            ? await TimeLimit.RunAsync(timeout, token => WaitAsync(barrier, member, members, token), interrupted)
            : CodeOf(barrier, tried);
    }

    private static async Task<int> WaitAsync(SharedBarrier barrier, SharedBarrierMember member, int members, CancellationToken cancellationToken)
    {
        while (barrier.GetStatus() is { IsBroken: false } status && status.MemberCount < members)
        {
            await Task.Delay(s_look, cancellationToken);
        }
        return CodeOf(barrier, await member.SignalAndWaitAsync(cancellationToken));
    }

    private static int CodeOf(SharedBarrier barrier, BarrierOutcome outcome) => outcome != BarrierOutcome.Broken
        ? ExitCode.Done
        : throw new CliException($"'{barrier.Name}' is broken: a member has died. 'isthmus barrier reset {barrier.Name}' mends it.", ExitCode.No);
}
