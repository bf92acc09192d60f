using System.Diagnostics;
using Isthmus.Native;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Processes;

/// <summary>Each in a process of its own: a subreaper is a property of the whole process.</summary>
public sealed class SubreaperTests
{
    [Fact]
    public void Orphans_are_adopted_and_reaped_and_told()
    {
        using Child child = Child.Start(OrphanBody);
        Assert.Equal("sh exited with 9", child.ReadLine());
        Assert.Equal("reaped 1, zombies 0", child.ReadLine());
        Assert.Equal(0, child.WaitForExit());
    }

    [Fact]
    public void Children_of_others_in_the_program_keep_their_status()
    {
        using Child child = Child.Start(MixedBody);
        Assert.Equal("process 50 x 7, ours 8, raw 3, orphans 5", child.ReadLine());
        Assert.Equal(0, child.WaitForExit());
    }

    [Fact]
    public void A_child_of_ours_that_nobody_waits_for_is_not_taken_for_an_orphan()
    {
        using Child child = Child.Start(UnwaitedBody);
        Assert.Equal("SIGKILL, 0 reaped", child.ReadLine());
        Assert.Equal(0, child.WaitForExit());
    }

    [Fact]
    public void One_at_a_time_and_the_property_ends_with_it()
    {
        using Child child = Child.Start(OneBody);
        Assert.Equal("False True InvalidOperationException False", child.ReadLine());
        Assert.Equal(0, child.WaitForExit());
    }

    [Fact]
    public void A_subreaper_survives_a_moment_without_descriptors()
    {
        using Child child = Child.Start(WithoutDescriptorsBody);
        Assert.Equal("True reaped 1", child.ReadLine());
        Assert.Equal(0, child.WaitForExit());
    }

    [Fact]
    public void A_child_whose_start_is_under_way_is_left_alone_without_any_patience()
    {
        using Child child = Child.Start(UnderWayBody);
        Assert.Equal("2 orphans, then ours 3", child.ReadLine());
        Assert.Equal(0, child.WaitForExit());
    }

    [Fact]
    public void Patience_has_bounds()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SubreaperOptions { Patience = TimeSpan.FromTicks(-1) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SubreaperOptions { Patience = TimeSpan.FromDays(1) });
    }

    private static void OrphanBody(string[] args) => RunAsync(async () =>
    {
        await using Subreaper subreaper = Subreaper.Start(new SubreaperOptions { Patience = TimeSpan.Zero });
        StartOrphan("exit 9");
        await foreach (ReapedOrphan orphan in subreaper.ReadAllAsync())
        {
            Console.WriteLine($"{orphan.Name} {orphan.Status}");
            break;
        }
        Console.WriteLine($"reaped {subreaper.ReapedCount}, zombies {Zombies()}");
    });

    private static void WithoutDescriptorsBody(string[] args) => RunAsync(async () =>
    {
        await using Subreaper subreaper = Subreaper.Start(new SubreaperOptions { Patience = TimeSpan.Zero });
        int pid = RawChild.Start("exec sleep 1000");
        using ProcessHandle orphan = ProcessHandle.Open(pid);
        using ManualResetEventSlim looked = new();
        bool failed;
        using (FewDescriptors.Leave(0))
        {
            AppDomain.CurrentDomain.FirstChanceException += (_, thrown) =>
            {
                if (thrown.Exception is IOException)
                {
                    looked.Set();
                }
            };
            orphan.Send(Signal.SIGKILL);
            failed = looked.Wait(Child.Limit);
        }
        await Eventually.IsTrue(() => subreaper.ReapedCount == 1);
        Console.WriteLine($"{failed} reaped {subreaper.ReapedCount}");
    });

    private static void UnderWayBody(string[] args) => RunAsync(async () =>
    {
        await using Subreaper subreaper = Subreaper.Start(new SubreaperOptions { Patience = TimeSpan.Zero });
        using ProcessHandle first = ProcessHandle.Open(RawChild.Start("exec sleep 1000"));
        using ProcessHandle second = ProcessHandle.Open(RawChild.Start("exec sleep 1000"));
        // They are older by more than a tick.
        await Eventually.IsTrue(() => Birth.Now.BootTick > second.Identity.StartTime);
        using ChildReaper.Expectation expected = ChildReaper.Expect(Birth.Now);
        int ours = RawChild.StartAndAwaitZombie("exit 3");
        // When the second is reaped, a look that reaped the first one, and saw ours, is over.
        first.Send(Signal.SIGKILL);
        await Eventually.IsTrue(() => subreaper.ReapedCount == 1);
        second.Send(Signal.SIGKILL);
        await Eventually.IsTrue(() => subreaper.ReapedCount == 2);
        Console.WriteLine($"{subreaper.ReapedCount} orphans, then ours {RawChild.Reap(ours)}");
    });

    private static void MixedBody(string[] args) => RunAsync(async () =>
    {
        // Long enough for a machine that is so busy that the runtime's own reaping of its Process comes late.
        await using Subreaper subreaper = Subreaper.Start(new SubreaperOptions { Patience = TimeSpan.FromSeconds(5) });
        int codes = 0;
        for (int i = 0; i < 50; i++)
        {
            if (i % 10 == 0)
            {
                StartOrphan("exit 9");
            }
            using Process process = Process.Start("/bin/sh", ["-c", "exit 7"]);
            await process.WaitForExitAsync();
            codes += process.ExitCode == 7 ? 1 : 0;
        }
        // A zombie while another child comes and goes, and no longer: after its patience the subreaper would take it, and be right.
        int raw = RawChild.StartAndAwaitZombie("exit 3");
        using ProcessHandle ours = RawChild.Handle(RawChild.Start("exit 8"));
        ExitStatus status = await ours.WaitAsync();
        int rawCode = RawChild.Reap(raw);
        await Eventually.IsTrue(() => subreaper.ReapedCount == 5);
        Console.WriteLine($"process {codes} x 7, ours {status.Code}, raw {rawCode}, orphans {subreaper.ReapedCount}");
    });

    private static void UnwaitedBody(string[] args) => RunAsync(async () =>
    {
        await using Subreaper subreaper = Subreaper.Start(new SubreaperOptions { Patience = TimeSpan.FromMilliseconds(1) });
        // Its handle is there before it ends: else it would be an orphan for a moment, which may be long.
        using ProcessHandle ours = RawChild.Handle(RawChild.Start("exec sleep 1000"));
        ours.Send(Signal.SIGKILL);
        await Eventually.IsTrue(() => ProcStat.TryRead(ProcFs.Of(ours.Id) + "/stat", out ProcStat stat) && stat.IsZombie);
        // A later zombie that is taken tells that the subreaper has had its look at ours.
        RawChild.Start("exit 0");
        await Eventually.IsTrue(() => subreaper.ReapedCount == 1);
        Console.WriteLine($"{ours.Wait().Signal}, {subreaper.ReapedCount - 1} reaped");
    });

    private static void OneBody(string[] args) => RunAsync(async () =>
    {
        bool before = IsSubreaper();
        string second = "";
        bool during;
        await using (Subreaper subreaper = Subreaper.Start())
        {
            during = IsSubreaper();
            second = Record.Exception(() => Subreaper.Start())!.GetType().Name;
            await subreaper.DisposeAsync();
        }
        Console.WriteLine($"{before} {during} {second} {IsSubreaper()}");
    });

    private static bool IsSubreaper()
    {
        LibC.prctl(LibC.PR_GET_CHILD_SUBREAPER, out int value);
        return value != 0;
    }

    // A shell that starts another one and ends; the other then is nobody's but the subreaper's.
    private static void StartOrphan(string command)
    {
        using TemporaryDirectory directory = new();
        using ProcessHandle parent = RawChild.Handle(RawChild.Start(
            $"/bin/sh -c 'while [ -d /proc/'$$' ]; do sleep 0.01; done; {command}' > /dev/null 2>&1 & "
            + $"until [ -e '{directory["known"]}' ]; do sleep 0.01; done"));
        // It ends when it is known as a child of ours: else a subreaper without patience may take it for an orphan itself.
        File.WriteAllText(directory["known"], "");
        parent.Wait();
    }

    private static int Zombies() =>
        ChildrenFile.Read(Environment.ProcessId)
            .Count(pid => ProcStat.TryRead($"/proc/{pid}/stat", out ProcStat stat) && stat.IsZombie);

    private static void RunAsync(Func<Task> body) => body().GetAwaiter().GetResult();
}
