using System.Diagnostics;
using System.Globalization;
using Isthmus.Native;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Processes;

/// <summary>In a pid namespace of their own: there, numbers can be forced without disturbing anybody.</summary>
public sealed class PidNamespaceTests
{
    private const string LastPid = "/proc/sys/kernel/ns_last_pid";

    [Fact]
    public void A_reused_number_is_never_hit() => Assert.Equal("survived\n", Unshare("--mount-proc", ReuseBody));

    [Fact]
    public void A_child_whose_identity_could_not_be_read_never_gets_that_of_a_later_process() =>
        Assert.Equal("PosixException\n", Unshare("--mount-proc", UnknownIdentityBody));

    [Fact]
    public void The_identity_names_the_namespace_and_its_number_there()
    {
        string[] lines = Unshare("--mount-proc", IdentityBody).Split('\n');
        Assert.True(ProcessIdentity.TryParse(lines[0], out ProcessIdentity inner));
        Assert.True(inner.Id < 10);
        Assert.Equal(ProcessIdentity.Current.BootId, inner.BootId);
        Assert.NotEqual(ProcessIdentity.Current.PidNamespace, inner.PidNamespace);
        Assert.False(inner.IsLocal);
        Assert.False(ProcessHandle.TryOpen(inner, out _));
    }

    [Fact]
    public void With_the_proc_of_another_namespace_numbers_are_refused_and_children_still_awaited() =>
        Assert.Equal("PlatformNotSupportedException exited with 3\n", Unshare("--fork", OtherProcBody));

    [Fact]
    public void With_the_proc_of_another_namespace_a_start_that_must_hold_the_child_is_refused_at_once() =>
        Assert.Equal("PlatformNotSupportedException\n", Unshare("--fork", HeldStartBody));

    [Fact]
    public void As_the_first_process_children_keep_their_status_whoever_reaps_them() =>
        Assert.Equal("1: exited with 3, exited with 4\n", Unshare("--mount-proc", FirstProcessBody, shell: false));

    [Fact]
    public void A_process_in_an_inner_namespace_is_held_by_its_number_out_here()
    {
        Require();
        using ProcessHandle unshare = RawChild.Handle(RawChild.Start(
            $"exec {Peer.Require("unshare")} --pid --fork sleep 1000 2> /dev/null"));
        ProcessHandle? inner = null;
        Assert.True(SpinWait.SpinUntil(() => (inner = unshare.OpenChildren().SingleOrDefault()) is not null, Child.Limit));
        using (inner)
        {
            Assert.True(inner!.Identity.IsLocal);
            Assert.NotEqual(
                ProcessIdentity.Current.PidNamespace, LinkNumber(File.ResolveLinkTarget($"/proc/{inner.Id}/ns/pid", false)!.Name));
            Assert.True(inner.Send(Signal.SIGKILL));
            inner.Wait();
            Assert.True(inner.HasExited);
        }
        unshare.Wait();
    }

    private static void ReuseBody(string[] args)
    {
        int pid = RawChild.Start("exec sleep 1000");
        using ProcessHandle first = ProcessHandle.Open(pid);
        ProcessIdentity identity = first.Identity;
        first.Send(Signal.SIGKILL);
        RawChild.Reap(pid);
        // Start times are told in clock ticks; within one, a forced number gives two processes the same identity.
        Assert.True(SpinWait.SpinUntil(() => Clock.SinceBoot > ProcStat.Time(identity.StartTime + 1), Child.Limit));

        using ProcessHandle reused = RawChild.Handle(StartWithNumber(pid));

        Assert.Equal(pid, reused.Id);
        Assert.NotEqual(identity, reused.Identity);
        Assert.False(first.Send(Signal.SIGKILL));
        Assert.False(first.SendToGroup(Signal.SIGKILL));
        Assert.False(first.SendToTree(Signal.SIGKILL));
        Assert.True(first.HasExited);
        Assert.Throws<PosixException>(() => first.Name);
        Assert.False(ProcessHandle.TryOpen(identity, out _));
        Assert.False(reused.HasExited);
        reused.Stop(TimeSpan.Zero);
        Console.WriteLine("survived");
    }

    private static void UnknownIdentityBody(string[] args)
    {
        int pid = RawChild.Start("exec sleep 1000");
        using ProcessHandle first = WithoutIdentity(pid);
        first.Stop(TimeSpan.Zero);
        using ProcessHandle reused = RawChild.Handle(StartWithNumber(pid));

        Console.WriteLine(Record.Exception(() => first.Identity)?.GetType().Name);
        reused.Stop(TimeSpan.Zero);
    }

    // One descriptor is left: the pidfd takes it, and /proc cannot be read.
    private static ProcessHandle WithoutIdentity(int pid)
    {
        using FewDescriptors one = FewDescriptors.Leave(1);
        return RawChild.Handle(pid);
    }

    private static void IdentityBody(string[] args) => Console.WriteLine(ProcessIdentity.Current);

    private static void OtherProcBody(string[] args)
    {
        Exception? refused = Record.Exception(() => ProcessIdentity.Of(1));
        using ProcessHandle child = RawChild.Handle(RawChild.Start("exit 3"));
        Console.WriteLine($"{refused?.GetType().Name} {child.Wait()}");
    }

    private static void HeldStartBody(string[] args)
    {
        Exception? refused = Record.Exception(() => ChildProcess.Start(new ChildProcessOptions
        {
            FileName = "/bin/true",
            Limits = [new ResourceLimit(LimitedResource.CoreSize, 0)],
        }));
        Console.WriteLine(refused?.GetType().Name);
    }

    private static void FirstProcessBody(string[] args)
    {
        // Its first use makes the runtime reap every child of the first process.
        using (Process process = Process.Start("/bin/true"))
        {
            process.WaitForExit();
        }
        // They end when they are known: the runtime reaps them at once.
        using TemporaryDirectory directory = new();
        using ProcessHandle first = RawChild.Handle(RawChild.StartAwaiting(directory["known"], "exit 3"));
        using ProcessHandle second = RawChild.Handle(RawChild.StartAwaiting(directory["known"], "exit 4"));
        Task<ExitStatus> status = first.WaitAsync().AsTask();
        File.WriteAllText(directory["known"], "");
        Console.WriteLine($"{Environment.ProcessId}: {status.GetAwaiter().GetResult()}, {second.Wait()}");
    }

    private static int StartWithNumber(int pid)
    {
        for (int attempt = 0; attempt < 100; attempt++)
        {
            File.WriteAllText(LastPid, (pid - 1).ToString(CultureInfo.InvariantCulture));
            int child = RawChild.Start("exec sleep 1000");
            if (child == pid)
            {
                return child;
            }
            LibC.kill(child, 9);
            RawChild.Reap(child);
        }
        throw new InvalidOperationException("A thread of this process took the number each time.");
    }

    // With a shell as the first process of the namespace, as the runtime reaps all when it is itself the first.
    private static string Unshare(string option, Action<string[]> body, bool shell = true)
    {
        Require();
        string[] command = [Environment.ProcessPath!, .. Child.Arguments(body)];
        string[] start = shell ? ["/bin/sh", "-c", "\"$@\"; exit $?", "sh", .. command] : command;
        (string output, int exitCode) = Peer.Run("unshare", ["--pid", "--fork", option, .. start]);
        Assert.True(exitCode == 0, output);
        return output;
    }

    private static void Require() => Assert.SkipUnless(
        Environment.IsPrivilegedProcess && File.Exists(LastPid), "Only the superuser can make a pid namespace and choose numbers in it.");

    private static ulong LinkNumber(string link) => ulong.Parse(link.AsSpan()["pid:[".Length..^1], CultureInfo.InvariantCulture);
}
