using System.Globalization;
using Isthmus.Native;
using Isthmus.Tests.Harness;
using Isthmus.Tests.Processes;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Segments;

/// <summary>The other participant is a program in C, which knows the layout and the protocol and nothing of this library.</summary>
public sealed class SegmentInteropTests(SegmentPeerInC c) : IClassFixture<SegmentPeerInC>, IDisposable
{
    private const string LastPid = "/proc/sys/kernel/ns_last_pid";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_C_program_takes_part()
    {
        using Segment segment = TestKind.Create(_directory.Root);
        using OtherParticipant other = OtherParticipant.StartProgram([c.Path, _directory["x"]], null);
        Assert.Equal((1, 2), (other.Slot, segment.SlotsInUse));
        Assert.Equal(("False", "True"), (other.Ask("dead 0"), other.Ask("dead 2")));
        Assert.False(segment.IsDead(1));
        Assert.True(segment.Roster.TryRead(1, out Participant who));
        Assert.Equal((other.Process.Identity, 1u, RosterState.Attached), (who.Identity, who.Generation, who.State));

        Assert.Equal("Entered", other.Ask("enter"));
        Assert.Equal(MutexEntry.Busy, TestKind.TryEnter(segment));
        Assert.Equal("True", other.Ask("exit"));
        Assert.Equal(MutexEntry.Entered, TestKind.TryEnter(segment, out ulong owned));
        Assert.Equal(("Busy", "False"), (other.Ask("enter"), other.Ask("exit")));
        Assert.True(TestKind.Exit(segment, owned));
    }

    [Fact]
    public void A_C_program_that_is_killed_is_recovered()
    {
        using Segment segment = TestKind.Create(_directory.Root);
        using OtherParticipant other = OtherParticipant.StartProgram([c.Path, _directory["x"]], null);
        Assert.Equal("Entered", other.Ask("enter"));
        other.Kill();
        segment.AwaitDeath(1);
        Assert.True(segment.Recover(1));
        Assert.Equal(MutexEntry.Abandoned, TestKind.TryEnter(segment));
    }

    [Fact]
    public void A_C_program_recovers_whose_slot_it_takes()
    {
        using Segment segment = TestKind.Create(_directory.Root);
        TestKind.EnterAndDie(segment, _directory.Root);
        using OtherParticipant other = OtherParticipant.StartProgram([c.Path, _directory["x"]], null);
        Assert.Equal((1, "Abandoned", 2u), (other.Slot, other.Ask("enter"), segment.Roster.Generation(1)));
    }

    [Fact]
    public void A_C_program_takes_part_in_memory_that_it_inherits()
    {
        using Segment segment = Segment.Create(TestKind.Mutex, null, new(), [], []);
        using SafeFileHandle shared = segment.Share();
        using OtherParticipant other = OtherParticipant.StartProgram([c.Path, "/proc/self/fd/3"], shared);
        Assert.Equal((1, "False"), (other.Slot, other.Ask("dead 0")));
        shared.Dispose();
        Assert.False(segment.IsDead(1));
        other.Kill();
        segment.AwaitDeath(1);
    }

    [Fact]
    public void A_forked_child_keeps_neither_the_lock_nor_the_mapping()
    {
        using Segment segment = TestKind.Create(_directory.Root);
        using OtherParticipant other = OtherParticipant.StartProgram([c.Path, _directory["x"]], null);
        using ProcessHandle child = ProcessHandle.Open(int.Parse(other.Ask("fork"), CultureInfo.InvariantCulture));
        Assert.DoesNotContain(_directory["x"], File.ReadAllText($"/proc/{child.Id}/maps"), StringComparison.Ordinal);
        Assert.False(segment.IsDead(1));
        other.Kill();
        segment.AwaitDeath(1);
        Assert.False(child.HasExited);
        child.Send(Signal.SIGKILL);
    }

    [Fact]
    public void A_later_process_with_the_same_number_and_start_time_is_not_taken_for_the_dead_one()
    {
        Assert.SkipUnless(
            Environment.IsPrivilegedProcess && File.Exists(LastPid), "Only the superuser can make a pid namespace and choose numbers in it.");
        TestKind.Create(_directory.Root).Dispose();
        string[] command = [Environment.ProcessPath!, .. Child.Arguments(ReuseNumber, _directory.Root, c.Path)];
        (string output, int exitCode) = Peer.Run(
            "unshare", ["--pid", "--fork", "--mount-proc", "/bin/sh", "-c", "\"$@\"; exit $?", "sh", .. command]);
        Assert.Equal(("the same identity, and dead\n", 0), (output, exitCode));
    }

    private static void ReuseNumber(string[] args)
    {
        using Segment segment = TestKind.Open(args[0]);
        // Start times are told in hundredths of a second: within one, both must start.
        while (true)
        {
            int first = RawChild.Start(args[1], Path.Combine(args[0], "x"), "leave");
            Assert.Equal(0, RawChild.Reap(first));
            segment.AwaitDeath(1);
            Assert.True(segment.Roster.TryRead(1, out Participant dead));
            File.WriteAllText(LastPid, (first - 1).ToString(CultureInfo.InvariantCulture));
            int second = RawChild.Start("/bin/sleep", "1000");
            bool isSame = ProcessIdentity.Of(second) == dead.Identity;
            bool isDead = segment.IsDead(1);
            bool isRecovered = segment.Recover(1);
            LibC.kill(second, 9);
            RawChild.Reap(second);
            if (isSame)
            {
                Console.WriteLine($"the same identity, and {(isDead && isRecovered ? "dead" : "alive")}");
                return;
            }
        }
    }
}
