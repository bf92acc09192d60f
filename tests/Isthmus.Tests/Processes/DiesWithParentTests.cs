using System.Globalization;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Processes;

/// <summary>A guarded child ends with its parent, however that ends; others do not.</summary>
public sealed class DiesWithParentTests
{
    [Fact]
    public async Task Child_and_grandchild_die_when_the_parent_is_killed()
    {
        using Child parent = Child.Start(StartGuarded);
        int child = ReadNumber(parent), grandchild = ReadNumber(parent), free = ReadNumber(parent), ended = ReadNumber(parent);
        using ProcessHandle unguarded = ProcessHandle.Open(free);
        try
        {
            parent.Kill();
            await ProcessWait.GoneAsync(child).OrHang();
            await ProcessWait.GoneAsync(grandchild).OrHang();
            await ProcessWait.GoneAsync(ended).OrHang();
            Assert.False(unguarded.HasExited);
        }
        finally
        {
            unguarded.Send(Signal.SIGKILL);
        }
    }

    [Fact]
    public async Task Children_die_when_the_parent_exits_and_so_does_the_guardian()
    {
        using Child parent = Child.Start(StartGuarded);
        int child = ReadNumber(parent), grandchild = ReadNumber(parent), free = ReadNumber(parent), ended = ReadNumber(parent);
        int guardian = ReadNumber(parent);
        parent.WriteLine("exit");
        Assert.Equal(0, parent.WaitForExit());
        foreach (int pid in (int[])[child, grandchild, ended, guardian])
        {
            await ProcessWait.GoneAsync(pid).OrHang();
        }
        using ProcessHandle unguarded = ProcessHandle.Open(free);
        unguarded.Send(Signal.SIGKILL);
    }

    [Fact]
    public async Task A_guardian_that_was_killed_is_replaced_with_the_next_child()
    {
        using Child parent = Child.Start(StartGuardedTwice);
        int first = ReadNumber(parent), second = ReadNumber(parent);
        parent.Kill();
        await ProcessWait.GoneAsync(first).OrHang();
        await ProcessWait.GoneAsync(second).OrHang();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(16)]
    public async Task No_child_is_missed_when_the_parent_is_killed_in_the_middle_of_a_start(int starts)
    {
        // The number of seconds is the mark by which the children are found again.
        string mark = string.Create(CultureInfo.InvariantCulture, $"{1000 + Random.Shared.Next(1_000_000_000)}");
        using Child parent = Child.Start(StartWithoutEnd, mark);
        for (int i = 0; i < starts; i++)
        {
            Assert.Equal("started", parent.ReadLine());
        }
        parent.Kill();
        await Eventually.IsTrue(() => Directory.EnumerateDirectories("/proc").All(
            process => !CommandLine(process).Contains(mark, StringComparison.Ordinal)));
    }

    private static int ReadNumber(Child parent) => int.Parse(parent.ReadLine(), CultureInfo.InvariantCulture);

    // Prints: a guarded child, its own child, an unguarded child, the child of a guarded one that has ended and was
    // reaped, the guardian.
    private static void StartGuarded(string[] args)
    {
        using ChildProcess child = ChildProcess.Start(Guarded("sleep 1000 & echo $!; wait"));
        Console.WriteLine(child.Id);
        Console.WriteLine(ReadLine(child));
        using ChildProcess free = ChildProcess.Start("sleep", "1000");
        Console.WriteLine(free.Id);
        using ChildProcess ended = ChildProcess.Start(Guarded("sleep 1000 & echo $!"));
        string orphan = ReadLine(ended);
        ended.Wait();
        Console.WriteLine(orphan);
        Console.WriteLine(GuardianId());
        Console.ReadLine();
    }

    private static void StartGuardedTwice(string[] args)
    {
        using ChildProcess first = ChildProcess.Start(Guarded("exec sleep 1000"));
        using ProcessHandle guardian = ProcessHandle.Open(GuardianId());
        guardian.Send(Signal.SIGKILL);
        guardian.Wait();
        using ChildProcess second = ChildProcess.Start(Guarded("exec sleep 1000"));
        Console.WriteLine(first.Id);
        Console.WriteLine(second.Id);
        Console.ReadLine();
    }

    private static void StartWithoutEnd(string[] args)
    {
        Thread other = new(StartSleepers) { IsBackground = true };
        other.Start();
        StartSleepers();

        void StartSleepers()
        {
            while (true)
            {
                ChildProcess.Start(new ChildProcessOptions { FileName = "sleep", Arguments = args, DiesWithParent = true }).Dispose();
                Console.WriteLine("started");
            }
        }
    }

    private static string CommandLine(string process) => ReadOrEmpty(process + "/cmdline");

    private static string ReadOrEmpty(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return ""; // No process or thread, or gone meanwhile.
        }
    }

    private static ChildProcessOptions Guarded(string script) =>
        ChildProcessTests.Shell(script) with { DiesWithParent = true, StandardOutput = StandardStream.Pipe };

    private static string ReadLine(ChildProcess child)
    {
        using StreamReader reader = new(child.StandardOutput, leaveOpen: true);
        return reader.ReadLine()!;
    }

    private static int GuardianId() => (
        from task in Directory.EnumerateDirectories("/proc/self/task")
        from pid in ReadOrEmpty(task + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
        where CommandLine($"/proc/{pid}").Contains("isthmus-guardian", StringComparison.Ordinal)
        select int.Parse(pid, CultureInfo.InvariantCulture)).Single();
}
