using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Processes;

/// <summary>No zombie and no descriptor stays, however a child is waited for or forgotten.</summary>
[Collection(Alone.Name)]
public sealed class ChildProcessLifetimeTests
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task No_zombie_stays_after_Dispose(bool endsBefore, bool isWaitedFor)
    {
        int pid;
        using (AnonymousPipe gate = AnonymousPipe.Create())
        {
            using ChildProcess child = ChildProcess.Start(
                ChildProcessTests.Shell("read line") with { StandardInput = StandardStream.Handle(gate.Reader.Handle) });
            pid = child.Id;
            if (endsBefore)
            {
                gate.Writer.Dispose();
            }
            if (isWaitedFor && endsBefore)
            {
                child.Wait();
            }
            else if (isWaitedFor)
            {
                Assert.False(child.TryWait(TimeSpan.Zero, out _));
            }
        }
        await Eventually.IsTrue(() => !Exists(pid));
    }

    [Fact]
    public async Task A_child_that_is_forgotten_is_reaped()
    {
        int pid = StartAndForget();
        await Eventually.IsTrue(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return !Exists(pid);
        });
    }

    [Fact]
    public void A_disposed_child_goes_on()
    {
        ChildProcess child = ChildProcess.Start("sleep", "1000");
        using ProcessHandle handle = ProcessHandle.Open(child.Id);
        child.Dispose();
        Assert.False(handle.HasExited);
        handle.Send(Signal.SIGKILL);
        handle.Wait();
        Assert.Throws<ObjectDisposedException>(() => child.Wait());
    }

    [Fact]
    public async Task Hundreds_of_starts_from_many_threads_mix_up_nothing()
    {
        int before = Descriptors();
        Task[] starts = [.. Enumerable.Range(0, 8).Select(thread => Task.Run(async () =>
        {
            for (int i = 0; i < 25; i++)
            {
                CapturedOutput result = await ChildProcess.RunAsync(ChildProcessTests.Shell($"echo {thread} {i}; exit {i}"));
                Assert.Equal($"{thread} {i}\n", result.OutputText);
                Assert.Equal(i, result.Status.Code);
            }
        }))];
        await Task.WhenAll(starts).OrHang();
        // The event loop's own; those of other tests' children are closed when they have ended.
        await Eventually.IsTrue(() => Descriptors() <= before + 4);
    }

    [Fact]
    public async Task Children_of_System_Diagnostics_Process_are_left_to_it()
    {
        Task[] both = [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? Task.Run(() => RunTheirs(i)) : Task.Run(() => RunOurs(i)))];
        await Task.WhenAll(both).OrHang();
    }

    [Fact]
    public void Failed_starts_leave_nothing()
    {
        StartInVain();
        int before = Descriptors();
        for (int i = 0; i < 20; i++)
        {
            StartInVain();
        }
        // The runtime may open one for itself for a moment. Fewer, when other tests' children are reaped meanwhile.
        Assert.True(SpinWait.SpinUntil(() => Descriptors() <= before, Child.Limit), "A descriptor is left.");
        Assert.DoesNotContain(
            Directory.EnumerateFileSystemEntries("/dev/shm"), name => name.Contains($"isthmus-gate-{Environment.ProcessId}-", StringComparison.Ordinal));
    }

    private static void StartInVain()
    {
        ChildProcessOptions options = new()
        {
            FileName = "/no/such/program",
            StandardInput = StandardStream.Pipe,
            StandardOutput = StandardStream.Null,
        };
        Assert.Throws<FileNotFoundException>(() => ChildProcess.Start(options));
        Assert.Throws<FileNotFoundException>(
            () => ChildProcess.Start(options with { Limits = [new ResourceLimit(LimitedResource.CoreSize, 0)], Nice = 1 }));
        Assert.Throws<FileNotFoundException>(
            () => ChildProcess.Start(options with { FileName = "true", StandardError = StandardStream.FromFile("/no/such/file") }));
    }

    private static void RunTheirs(int code)
    {
        using Process process = Process.Start("/bin/sh", ["-c", $"exit {code}"]);
        process.WaitForExit();
        Assert.Equal(code, process.ExitCode);
    }

    private static void RunOurs(int code)
    {
        using ChildProcess child = ChildProcess.Start("/bin/sh", "-c", $"exit {code}");
        Assert.Equal(code, child.Wait().Code);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int StartAndForget()
    {
#pragma warning disable CA2000 // The point of the test.
        return ChildProcess.Start("true").Id;
#pragma warning restore CA2000
    }

    private static bool Exists(int pid) => Directory.Exists("/proc/" + pid.ToString(CultureInfo.InvariantCulture));

    private static int Descriptors() => Directory.EnumerateFileSystemEntries("/proc/self/fd").Count();
}
