using Isthmus.Native;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Processes;

/// <summary>Signals to one, to a group, to a tree, and the polite end.</summary>
public sealed class ProcessHandleSignalTests
{
    // Enough for those who end by SIGTERM, on a busy machine too; those who do not are waited for so long.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(3);

    [Fact]
    public void Send_to_a_process_that_has_ended_is_false_and_hits_nobody()
    {
        int pid = RawChild.StartAndAwaitZombie("exit 0");
        using ProcessHandle child = ProcessHandle.Open(pid);
        Assert.False(child.Send(Signal.SIGKILL));
        RawChild.Reap(pid);
        Assert.False(child.Send(Signal.SIGKILL));
        Assert.False(child.SendToGroup(Signal.SIGKILL));
        Assert.False(child.SendToTree(Signal.SIGKILL));
    }

    [Fact]
    public void The_default_value_is_no_signal()
    {
        using ProcessHandle self = ProcessHandle.Open(Environment.ProcessId);
        Assert.Throws<ArgumentException>(() => self.Send(default));
        Assert.Throws<ArgumentException>(() => self.SendToGroup(default));
        Assert.Throws<ArgumentException>(() => self.SendToTree(default));
    }

    [Fact]
    public void Send_to_another_users_process_is_EPERM()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only the superuser can become somebody else.");
        string setpriv = Peer.Require("setpriv");
        (string output, int exitCode) = Peer.Run(setpriv,
        [
            "--reuid=65534", "--regid=65534", "--clear-groups", "--", Environment.ProcessPath!,
            .. Child.Arguments(SendBody, Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ]);
        Assert.Equal("EPERM\n", output);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public void A_group_is_reached_after_its_leader_has_ended()
    {
        // The leader starts a sleeper and ends; the sleeper stays in the group.
        int pid = RawChild.StartAndAwaitZombie("sleep 1000 > /dev/null 2>&1 & exit 0");
        using ProcessHandle leader = RawChild.Handle(pid);
        leader.Wait();
        Assert.True(leader.HasGroup());

        Assert.True(leader.SendToGroup(Signal.SIGKILL));

        Assert.True(SpinWait.SpinUntil(() => !leader.HasGroup(), Child.Limit));
        Assert.False(leader.SendToGroup(Signal.SIGKILL));
    }

    [Fact]
    public void A_process_that_leads_no_group_has_none()
    {
        using Child child = Child.Start(IdleBody); // In the group of this process.
        child.ReadLine();
        using ProcessHandle process = ProcessHandle.Open(child.Id);
        Assert.False(process.SendToGroup(Signal.SIGKILL));
        Assert.False(process.HasExited);
    }

    [Fact]
    public async Task A_tree_is_killed_across_groups_and_sessions()
    {
        using Tree tree = await Tree.StartAsync("");
        Assert.True(tree.Root.SendToTree(Signal.SIGKILL));
        foreach (ProcessHandle member in tree.Members)
        {
            await member.WaitAsync().OrHang();
        }
        Assert.Equal(Signal.SIGKILL, tree.Root.Wait().Signal);
    }

    [Fact]
    public async Task A_tree_that_ignores_the_signal_runs_on_afterwards()
    {
        using Tree tree = await Tree.StartAsync("trap '' USR1; ");
        Assert.True(tree.Root.SendToTree(Signal.SIGUSR1));
        Assert.All(tree.Members, member => Assert.NotEqual('T', member.ReadStat().State));
        Assert.All(tree.Members, member => Assert.False(member.HasExited));
        tree.Root.SendToTree(Signal.SIGKILL);
    }

    [Fact]
    public async Task A_stopped_tree_stays_stopped_until_it_is_continued()
    {
        using Tree tree = await Tree.StartAsync("");
        Assert.True(tree.Root.SendToTree(Signal.SIGSTOP));
        // The signal has been sent; a process stops when it next runs.
        await Eventually.IsTrue(() => tree.Members.All(member => member.ReadStat().State == 'T'));
        Assert.True(tree.Root.SendToTree(Signal.SIGCONT));
        Assert.All(tree.Members, member => Assert.NotEqual('T', member.ReadStat().State));
        tree.Root.SendToTree(Signal.SIGKILL);
    }

    [Fact]
    public async Task A_tree_that_keeps_forking_is_killed_whole()
    {
        // Each shell starts another and then waits: the front of the tree moves on all the time, 300 deep at most.
        using TemporaryDirectory directory = new();
        string script = directory["fork.sh"];
        await File.WriteAllTextAsync(script, $"echo $$ >> {directory["pids"]}; [ $1 -gt 0 ] && /bin/sh {script} $(($1 - 1)) & wait; exec sleep 1000\n");
        using ProcessHandle root = RawChild.Handle(RawChild.Start("/bin/sh", script, "300"));
        await Eventually.IsTrue(() => File.Exists(directory["pids"]) && File.ReadAllLines(directory["pids"]).Length > 20);

        root.SendToTree(Signal.SIGKILL);

        root.Wait();
        string[] pids = await File.ReadAllLinesAsync(directory["pids"]);
        await Eventually.IsTrue(() => pids.All(pid => !IsAlive(pid)));
        Assert.Equal(pids, await File.ReadAllLinesAsync(directory["pids"]));
    }

    [Fact]
    public void A_process_cannot_signal_its_own_tree_or_an_ancestors()
    {
        using ProcessHandle self = ProcessHandle.Open(Environment.ProcessId);
        Assert.Throws<InvalidOperationException>(() => self.SendToTree(Signal.SIGTERM));
        using ProcessHandle? parent = self.OpenParent();
        Assert.SkipWhen(parent is null, "This process has no parent in its pid namespace.");
        Assert.Throws<InvalidOperationException>(() => parent!.SendToTree(Signal.SIGTERM));
    }

    [Fact]
    public async Task Stop_lets_a_polite_process_end_itself()
    {
        using ProcessHandle child = await StartReadyAsync("trap 'exit 4' TERM; ");
        Assert.Equal(4, (await child.StopAsync(Child.Limit).OrHang()).Code);
        using ProcessHandle other = await StartReadyAsync("trap 'exit 5' TERM; ");
        Assert.Equal(5, other.Stop(Child.Limit).Code);
    }

    [Fact]
    public async Task Stop_kills_a_deaf_process_after_the_grace_period()
    {
        using ProcessHandle child = await StartReadyAsync("trap '' TERM; ");
        Assert.Equal(Signal.SIGKILL, (await child.StopAsync(TimeSpan.FromMilliseconds(50)).OrHang()).Signal);
        using ProcessHandle other = await StartReadyAsync("trap '' TERM; ");
        Assert.Equal(Signal.SIGKILL, other.Stop(TimeSpan.FromMilliseconds(50)).Signal);
    }

    [Fact]
    public async Task Stop_without_grace_kills()
    {
        using ProcessHandle child = await StartReadyAsync("trap 'exit 4' TERM; ");
        Assert.Equal(Signal.SIGKILL, (await child.StopAsync(TimeSpan.Zero).OrHang()).Signal);
    }

    [Fact]
    public async Task Stop_reaches_a_process_that_is_stopped()
    {
        using ProcessHandle child = await StartReadyAsync("trap 'exit 4' TERM; ");
        child.Send(Signal.SIGSTOP);
        Assert.Equal(4, (await child.StopAsync(Child.Limit).OrHang()).Code);
    }

    [Fact]
    public async Task Stop_of_a_process_that_has_ended_tells_how_it_ended()
    {
        using ProcessHandle child = RawChild.Handle(RawChild.Start("exit 6"));
        child.Wait();
        Assert.All(
            [await child.StopAsync(TimeSpan.Zero).OrHang(), child.Stop(Child.Limit), child.Stop(Child.Limit, SignalScope.Tree)],
            status => Assert.Equal(6, status.Code));
    }

    [Theory]
    [InlineData(SignalScope.Group)]
    [InlineData(SignalScope.Tree)]
    public async Task Stop_kills_those_who_stay_behind(SignalScope scope)
    {
        // The root ends at once; its child is deaf to SIGTERM.
        using Tree tree = await Tree.StartAsync("trap '' TERM; ", sessions: scope == SignalScope.Tree, root: "trap 'exit 0' TERM; ");
        Assert.Equal(0, (await tree.Root.StopAsync(s_grace, scope).OrHang()).Code);
        foreach (ProcessHandle member in tree.Members)
        {
            await member.WaitAsync().OrHang();
        }
    }

    [Fact]
    public async Task Stop_of_a_tree_with_a_member_of_another_user_ends_the_others_and_then_tells()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only the superuser can give a process a child of another user.");
        const string Script = """
            import os, signal
            def start(user):
                reader, writer = os.pipe()
                pid = os.fork()
                if pid == 0:
                    if user: os.setresuid(user, user, user)
                    os.write(writer, b'x')
                    signal.pause()
                os.read(reader, 1)
                return pid
            others, own = start(0), start(65534)
            os.setresuid(65534, 65534, 65534)
            print(others, own, flush=True)
            signal.pause()
            """;
        using ChildProcess root = ChildProcess.Start(new ChildProcessOptions
        {
            FileName = Peer.Require("python3"),
            Arguments = ["-c", Script],
            StandardOutput = StandardStream.Pipe,
        });
        using StreamReader output = new(root.StandardOutput);
        string[] pids = (await output.ReadLineAsync().OrHang())!.Split(' ');
        using ProcessHandle others = ProcessHandle.Open(int.Parse(pids[0], null)), own = ProcessHandle.Open(int.Parse(pids[1], null));
        try
        {
            Exception? error = AsNobody(() => root.Process.Stop(s_grace, SignalScope.Tree));
            Assert.IsType<UnauthorizedAccessException>(error);
            Assert.Equal(Signal.SIGTERM, (await root.Process.WaitAsync().OrHang()).Signal);
            await own.WaitAsync().OrHang();
            Assert.False(others.HasExited);
        }
        finally
        {
            foreach (ProcessHandle each in (ProcessHandle[])[root.Process, own, others])
            {
                each.Send(Signal.SIGKILL);
            }
        }
    }

    [Fact]
    public async Task A_cancelled_stop_sends_no_more()
    {
        using ProcessHandle child = await StartReadyAsync("trap '' TERM; ");
        using CancellationTokenSource cancel = new();
        Task stop = child.StopAsync(Timeout.InfiniteTimeSpan, SignalScope.Process, cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stop.OrHang());
        Assert.False(child.HasExited);
        child.Stop(TimeSpan.Zero);
    }

    private static void SendBody(string[] args)
    {
        using ProcessHandle other = ProcessHandle.Open(int.Parse(args[0], null));
        UnauthorizedAccessException error = Assert.Throws<UnauthorizedAccessException>(() => other.Send(Signal.SIGUSR1));
        Console.WriteLine(((PosixException)error.InnerException!).Errno);
    }

    private static void IdleBody(string[] args)
    {
        Console.WriteLine("ready");
        Console.ReadLine();
    }

    // On a thread that becomes that user: the kernel asks the thread that signals.
    private static Exception? AsNobody(Action action)
    {
        using DumpableScope dumpable = DumpableScope.Enter(needed: true);
        Exception? error = null;
        Thread thread = new(() => error = Record.Exception(() =>
        {
            SpawnAttributes.Apply(new UserCredentials(Elsewhere.Nobody, Elsewhere.Nobody));
            action();
        }));
        thread.Start();
        Assert.True(thread.Join(Child.Limit));
        return error;
    }

    private static bool IsAlive(string pid) =>
        ProcStat.TryRead($"/proc/{pid}/stat", out ProcStat stat) && !stat.IsZombie;

    // A shell that says by a file that its trap is set, then waits for ever in a way that a signal ends.
    private static async Task<ProcessHandle> StartReadyAsync(string traps)
    {
        using TemporaryDirectory directory = new();
        string ready = directory["ready"];
        ProcessHandle child = RawChild.Handle(RawChild.Start($"{traps} : > {ready}; while :; do sleep 0.05 > /dev/null 2>&1; done"));
        await Eventually.IsTrue(() => File.Exists(ready));
        return child;
    }

    /// <summary>Three generations: a shell, its child, perhaps in a session of its own, and a grandchild.</summary>
    private sealed class Tree : IDisposable
    {
        private const string Loop = "while :; do sleep 0.05; done";
        private readonly TemporaryDirectory _directory;

        private Tree(ProcessHandle root, List<ProcessHandle> members, TemporaryDirectory directory)
        {
            Root = root;
            Members = members;
            _directory = directory;
        }

        public ProcessHandle Root { get; }

        public List<ProcessHandle> Members { get; }

        public static async Task<Tree> StartAsync(string traps, bool sessions = true, string? root = null)
        {
            TemporaryDirectory directory = new();
            string setsid = sessions ? Peer.Require("setsid") : "";
            await File.WriteAllTextAsync(directory["leaf.sh"], $"{traps} echo $$ >> {directory["pids"]}; {Loop}\n");
            await File.WriteAllTextAsync(
                directory["middle.sh"], $"{traps} {setsid} /bin/sh {directory["leaf.sh"]} & echo $$ >> {directory["pids"]}; {Loop}\n");
            int pid = RawChild.Start(
                $"exec > /dev/null 2>&1; {root ?? traps} /bin/sh {directory["middle.sh"]} & echo $$ >> {directory["pids"]}; {Loop}");
            await Eventually.IsTrue(() => File.Exists(directory["pids"]) && File.ReadAllLines(directory["pids"]).Length == 3);
            List<ProcessHandle> members = [.. File.ReadAllLines(directory["pids"]).Select(line => ProcessHandle.Open(int.Parse(line, null)))];
            return new Tree(RawChild.Handle(pid), members, directory);
        }

        public void Dispose()
        {
            foreach (ProcessHandle member in Members.Append(Root))
            {
                member.Send(Signal.SIGKILL);
                member.Dispose();
            }
            _directory.Dispose();
        }
    }
}
