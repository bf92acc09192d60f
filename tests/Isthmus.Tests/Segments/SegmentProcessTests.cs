using System.Globalization;
using System.Net.Sockets;
using Isthmus.Native;
using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Segments;

/// <summary>Several processes, which die, are paused, go on as other programs, and see each other or not.</summary>
public sealed class SegmentProcessTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Segment _segment;

    public SegmentProcessTests() => _segment = TestKind.CreateFor(3, _directory.Root);

    public void Dispose()
    {
        _segment.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void A_killed_process_is_dead_and_its_slot_and_lock_are_recovered()
    {
        using OtherParticipant other = OtherParticipant.Start(_directory.Root);
        Assert.Equal((1, "Entered"), (other.Slot, other.Ask("enter")));
        Assert.True(_segment.Roster.TryRead(1, out Participant who));
        Assert.Equal(other.Process.Identity, who.Identity);
        Assert.False(_segment.Recover(1));
        other.Kill();
        _segment.AwaitDeath(1);
        Assert.True(_segment.Recover(1));
        Assert.Equal(MutexEntry.Abandoned, TestKind.TryEnter(_segment));
        Assert.False(_segment.Roster.TryRead(1, out _));
        using OtherParticipant next = OtherParticipant.Start(_directory.Root);
        Assert.Equal((1, 2u), (next.Slot, _segment.Roster.Generation(1)));
    }

    [Fact]
    public void A_newcomer_recovers_the_dead_before_their_doorbells_tell_of_them()
    {
        using OtherParticipant other = OtherParticipant.Start(_directory.Root);
        Assert.Equal("Entered", other.Ask("enter"));
        // This process hears its bell already.
        _segment.WatchPeers();
        Assert.Equal("abandoned", other.Ask("abandon"));
        using Segment newcomer = TestKind.Open(_directory.Root);
        Assert.True(newcomer.Roster.IsVacant(1));
        Assert.Equal(MutexEntry.Abandoned, TestKind.TryEnter(newcomer));
    }

    [Fact]
    public void A_process_that_has_become_another_program_is_dead_though_its_number_lives()
    {
        using OtherParticipant other = OtherParticipant.Start(_directory.Root);
        Assert.Equal("Entered", other.Ask("enter"));
        Assert.True(_segment.Roster.TryRead(1, out Participant who));
        Assert.Equal("", other.Ask("exec"));
        Assert.Equal("hello", other.Ask("hello"));
        Assert.Equal(ProcessIdentity.Of(other.Process.Id), who.Identity);
        _segment.AwaitDeath(1);
        Assert.True(_segment.Recover(1));
        Assert.Equal(MutexEntry.Abandoned, TestKind.TryEnter(_segment));
    }

    [Fact]
    public void What_a_dead_process_has_started_does_not_keep_it_alive()
    {
        using OtherParticipant other = OtherParticipant.Start(_directory.Root);
        int grandchild = int.Parse(other.Ask("spawn"), CultureInfo.InvariantCulture);
        using ProcessHandle sleep = ProcessHandle.Open(grandchild);
        other.Kill();
        _segment.AwaitDeath(1);
        Assert.False(sleep.HasExited);
        sleep.Send(Signal.SIGKILL);
    }

    [Fact]
    public async Task A_paused_process_is_alive()
    {
        using OtherParticipant other = OtherParticipant.Start(_directory.Root);
        other.Ask("enter");
        other.Process.Send(Signal.SIGSTOP);
        await Eventually.IsTrue(() => IsStopped(other));
        Assert.False(_segment.IsDead(1));
        Assert.False(_segment.Recover(1));
        Assert.Equal(MutexEntry.Busy, TestKind.TryEnter(_segment));
        other.Process.Send(Signal.SIGCONT);
        Assert.Equal("True", other.Ask("exit"));
    }

    [Fact]
    public async Task A_recoverer_paused_in_the_middle_that_goes_on_late_changes_nothing()
    {
        Segment dying = TestKind.Open(_directory.Root);
        using OtherParticipant recoverer = OtherParticipant.Start(_directory.Root);
        Assert.Equal((1, 2, MutexEntry.Entered), (dying.Slot, recoverer.Slot, TestKind.TryEnter(dying)));
        dying.Die(_segment);
        recoverer.Tell("recover 1");
        await Eventually.IsTrue(() => IsStopped(recoverer));

        // Meanwhile the dead one is recovered, the slot has its next occupant, and that one holds the mutex.
        using OtherParticipant next = OtherParticipant.Start(_directory.Root);
        Assert.Equal((1, "Abandoned"), (next.Slot, next.Ask("enter")));
        ulong before = Word();
        recoverer.Process.Send(Signal.SIGCONT);

        Assert.Equal("recovered", recoverer.Answer());
        Assert.Equal(before, Word());
        Assert.Equal(MutexEntry.Busy, TestKind.TryEnter(_segment));
        Assert.True(_segment.Roster.TryRead(1, out Participant who));
        Assert.Equal((2u, RosterState.Attached, next.Process.Identity), (who.Generation, who.State, who.Identity));
    }

    [Theory]
    [InlineData("--mount-proc")]
    [InlineData("--fork")]
    public void Across_pid_namespaces_each_sees_the_other_live_and_die(string option)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only the superuser can make a pid namespace.");
        // A shell is the first process there; unshare, killed, takes it along, and so all.
        string[] starter = [Peer.Require("unshare"), "--pid", "--fork", option, "--kill-child", "/bin/sh", "-c", "\"$@\"; exit $?", "sh"];
        using OtherParticipant other = OtherParticipant.Start(starter, _directory.Root);
        Assert.Equal((1, "False", "True", "Entered"), (other.Slot, other.Ask("dead 0"), other.Ask("dead 2"), other.Ask("enter")));
        Assert.False(_segment.IsDead(1));
        Assert.True(_segment.Roster.TryRead(1, out Participant who));
        Assert.Equal(other.Ask("identity"), who.Identity.ToString());
        Assert.False(who.Identity.IsLocal);
        other.Kill();
        _segment.AwaitDeath(1);
        Assert.True(_segment.Recover(1));
        Assert.Equal(MutexEntry.Abandoned, TestKind.TryEnter(_segment));
    }

    [Fact]
    public void Inherited_memory_gives_each_side_a_lock_of_its_own()
    {
        using Segment unnamed = Segment.Create(TestKind.Mutex, null, new(), [], []);
        SafeFileHandle shared = unnamed.Share();
        using OtherParticipant other = OtherParticipant.Start(OtherParticipant.ByInheritance, shared);
        CheckEachHasItsOwn(unnamed, other, shared);
    }

    [Fact]
    public void Memory_sent_over_a_Unix_socket_gives_each_side_a_lock_of_its_own()
    {
        using Segment unnamed = Segment.Create(TestKind.Mutex, null, new(), [], []);
        (UnixSocket ours, UnixSocket theirs) = UnixSocket.CreatePair(SocketType.Seqpacket);
        using (ours)
        using (theirs)
        {
            SafeFileHandle shared = unnamed.Share();
            ours.SendMessage("x"u8, new UnixSendOptions { Handles = [shared] });
            using OtherParticipant other = OtherParticipant.Start(OtherParticipant.BySocket, theirs.Handle);
            CheckEachHasItsOwn(unnamed, other, shared);
        }
    }

    [Fact]
    public void The_mapping_is_not_given_to_forked_children_and_no_descriptor_carries_its_lock()
    {
        ulong inode = FileStatus.At(_directory["x"]).stx_ino;
        string flags = Assert.Single(FlagsOfMappings(inode));
        Assert.Contains("dc", flags.Split(' '));
        // It is handed out a page at a time, and tells not all while locks of others come and go.
        Assert.True(SpinWait.SpinUntil(() => File.ReadLines("/proc/locks").Any(line => IsLifeLock(line, inode)), Child.Limit));
        foreach (string info in Directory.EnumerateFiles("/proc/self/fdinfo"))
        {
            Assert.DoesNotContain(LinesOf(info), line => line.StartsWith("lock:", StringComparison.Ordinal) && IsLifeLock(line, inode));
        }
    }

    private static void CheckEachHasItsOwn(Segment unnamed, OtherParticipant other, SafeFileHandle shared)
    {
        Assert.Equal((1, "False", "Entered"), (other.Slot, other.Ask("dead 0"), other.Ask("enter")));
        Assert.False(unnamed.IsDead(1));
        Assert.Equal(MutexEntry.Busy, TestKind.TryEnter(unnamed));
        shared.Dispose();
        Assert.False(unnamed.IsDead(0));
        other.Kill();
        unnamed.AwaitDeath(1);
        Assert.False(unnamed.IsDead(0));
        Assert.True(unnamed.Recover(1));
        Assert.Equal(MutexEntry.Abandoned, TestKind.TryEnter(unnamed));
    }

    private unsafe ulong Word() => ((ulong*)_segment.State)[MutexWord.Word];

    private static bool IsStopped(OtherParticipant other) =>
        ProcStat.TryRead($"/proc/{other.Process.Id}/stat", out ProcStat stat) && stat.State == 'T';

    private static bool IsLifeLock(string line, ulong inode) =>
        line.Contains("OFDLCK", StringComparison.Ordinal) && line.Contains($":{inode} {SegmentLayout.Record(0)} ", StringComparison.Ordinal);

    private static IEnumerable<string> FlagsOfMappings(ulong inode)
    {
        bool isOurs = false;
        foreach (string line in File.ReadLines("/proc/self/smaps"))
        {
            // A line of each mapping begins with its addresses, all others with a word.
            isOurs = char.IsAsciiHexDigitLower(line[0]) ? line.Contains($" {inode} ", StringComparison.Ordinal) : isOurs;
            if (isOurs && line.StartsWith("VmFlags:", StringComparison.Ordinal))
            {
                yield return line;
            }
        }
    }

    private static string[] LinesOf(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (IOException)
        {
            return [];
        }
    }
}
