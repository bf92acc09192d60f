using System.Runtime.InteropServices;
using Isthmus.Native;
using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Processes;

/// <summary>What a child gets: arguments, environment, directory, streams, descriptors, signals, groups.</summary>
public sealed class ChildProcessTests
{
    [Fact]
    public void A_child_runs_and_tells_its_code()
    {
        using ChildProcess child = ChildProcess.Start("/bin/sh", "-c", "exit 3");
        Assert.Equal(3, child.Wait().Code);
        Assert.True(child.HasExited);
        Assert.False(child.Kill());
    }

    [Fact]
    public async Task Arguments_arrive_as_they_are()
    {
        string[] arguments = ["", " ", "a b", "'", "\"", "\\", "$HOME", "*", "line\nbreak", "ünï→", new string('x', 100_000)];
        CapturedOutput result = await ChildProcess.RunAsync("printf", ["%s\\0", .. arguments]).OrHang();
        Assert.Equal(string.Concat(arguments.Select(argument => argument + "\0")), result.OutputText);
    }

    [Fact]
    public void An_argument_with_NUL_is_refused() =>
        Assert.Throws<ArgumentException>(() => ChildProcess.Start("true", "a\0b"));

    [Fact]
    public async Task Argument_zero_is_the_name_as_it_was_given_or_another()
    {
        Assert.Equal("sh\0-c\0cat /proc/$$/cmdline;:\0", await ShellAsync("cat /proc/$$/cmdline;:", options => options));
        Assert.Equal("-shell\0-c\0cat /proc/$$/cmdline;:\0", await ShellAsync("cat /proc/$$/cmdline;:", options => options with { ArgumentZero = "-shell" }));
    }

    [Fact]
    public async Task The_environment_is_inherited_changed_and_reduced()
    {
        Dictionary<string, string?> changes = new() { ["ISTHMUS_NEW"] = "a=b c", ["HOME"] = null };
        Environment.SetEnvironmentVariable("ISTHMUS_OURS", "managed");
        try
        {
            string[] lines = (await ShellAsync("/usr/bin/env", options => options with { Environment = changes })).Split('\n');
            Assert.Contains("ISTHMUS_NEW=a=b c", lines);
            Assert.Contains("ISTHMUS_OURS=managed", lines);
            Assert.Contains("PATH=" + Environment.GetEnvironmentVariable("PATH"), lines);
            Assert.DoesNotContain(lines, line => line.StartsWith("HOME=", StringComparison.Ordinal));
        }
        finally
        {
            Environment.SetEnvironmentVariable("ISTHMUS_OURS", null);
        }
    }

    [Fact]
    public async Task An_environment_that_is_not_inherited_holds_only_what_is_set()
    {
        CapturedOutput result = await ChildProcess.RunAsync(new ChildProcessOptions
        {
            FileName = "env",
            InheritsEnvironment = false,
            Environment = new Dictionary<string, string?> { ["A"] = "1", ["B"] = null },
        }).OrHang();
        Assert.Equal("A=1\n", result.OutputText);
    }

    [Theory]
    [InlineData("")]
    [InlineData("A=B")]
    public void A_bad_variable_name_is_refused(string name) => Assert.Throws<ArgumentException>(() => ChildProcess.Start(
        new ChildProcessOptions { FileName = "true", Environment = new Dictionary<string, string?> { [name] = "x" } }));

    [Fact]
    public async Task The_working_directory_is_set()
    {
        using TemporaryDirectory directory = new();
        Assert.Equal(directory.Root + "\n", await ShellAsync("pwd -P", options => options with { WorkingDirectory = directory.Root }));
    }

    [Fact]
    public async Task Files_are_read_created_emptied_and_appended_to()
    {
        using TemporaryDirectory directory = new();
        File.WriteAllText(directory["in"], "input");
        File.WriteAllText(directory["out"], "longer than what follows");
        File.WriteAllText(directory["log"], "before;");
        ChildProcessOptions options = Shell("cat; echo error >&2") with
        {
            StandardInput = StandardStream.FromFile(directory["in"]),
            StandardOutput = StandardStream.ToFile(directory["out"]),
            StandardError = StandardStream.AppendToFile(directory["log"]),
        };
        using ChildProcess child = ChildProcess.Start(options);
        Assert.True((await child.WaitAsync().OrHang()).IsSuccess);
        Assert.Equal("input", File.ReadAllText(directory["out"]));
        Assert.Equal("before;error\n", File.ReadAllText(directory["log"]));
    }

    [Fact]
    public async Task Null_is_empty_and_swallows() =>
        Assert.Equal("0\n", await ShellAsync("wc -c; echo lost >&2", options => options with
        {
            StandardInput = StandardStream.Null,
            StandardError = StandardStream.Null,
        }));

    [Fact]
    public async Task Errors_can_go_where_output_goes()
    {
        CapturedOutput result = await ChildProcess.RunAsync(
            Shell("echo one; echo two >&2; echo three") with { StandardError = StandardStream.StandardOutput }).OrHang();
        Assert.Equal("one\ntwo\nthree\n", result.OutputText);
        Assert.Equal("", result.ErrorText);
    }

    [Fact]
    public void Only_errors_can_go_where_output_goes() => Assert.Throws<ArgumentException>(
        () => ChildProcess.Start(Shell(":") with { StandardInput = StandardStream.StandardOutput }));

    [Fact]
    public async Task Pipes_carry_both_ways()
    {
        using ChildProcess child = ChildProcess.Start(new ChildProcessOptions
        {
            FileName = "cat",
            StandardInput = StandardStream.Pipe,
            StandardOutput = StandardStream.Pipe,
        });
        Assert.Throws<InvalidOperationException>(() => child.StandardError);
        byte[] buffer = new byte[10];
        child.StandardInput.Write("there"u8);
        Assert.Equal("there"u8, buffer.AsSpan(0, child.StandardOutput.Read(buffer)));
        await child.StandardInput.WriteAsync("back"u8.ToArray()).OrHang();
        Assert.Equal(4, await child.StandardOutput.ReadAsync(buffer).OrHang());
        child.StandardInput.Dispose();
        Assert.Equal(0, child.StandardOutput.Read(buffer));
        Assert.True(child.Wait().IsSuccess);
    }

    [Fact]
    public async Task Handles_that_stand_in_each_others_place_arrive_under_their_numbers()
    {
        // The child's 3, 4, 5 are ours in an order where each plain copy would overwrite the source of another.
        using TemporaryDirectory directory = new();
        List<SafeFileHandle> files = [];
        try
        {
            for (int i = 0; i < 40; i++)
            {
                File.WriteAllText(directory[$"{i}"], $"{i};");
                files.Add(File.OpenHandle(directory[$"{i}"]));
            }
            Dictionary<int, SafeHandle> descriptors = [];
            foreach (SafeFileHandle file in files)
            {
                // Numbers around the sources' own, turned by one.
                descriptors[(int)files[(files.IndexOf(file) + 1) % files.Count].DangerousGetHandle()] = file;
            }
            string script = string.Concat(descriptors.Keys.Select(number => $"cat /proc/self/fd/{number};"));
            Assert.Equal(
                string.Concat(descriptors.Values.Select(file => $"{files.IndexOf((SafeFileHandle)file)};")),
                await ShellAsync(script, options => options with { Descriptors = descriptors }));
        }
        finally
        {
            files.ForEach(file => file.Dispose());
        }
    }

    [Fact]
    public async Task A_handle_keeps_its_own_number_when_it_is_asked_to()
    {
        using TemporaryDirectory directory = new();
        File.WriteAllText(directory["f"], "content");
        using SafeFileHandle file = File.OpenHandle(directory["f"]);
        int number = (int)file.DangerousGetHandle();
        Assert.Equal("content", await ShellAsync(
            $"cat <&{number}", options => options with { FileName = "/bin/bash", Descriptors = new Dictionary<int, SafeHandle> { [number] = file } }));
    }

    [Fact]
    public async Task Nothing_else_is_inherited_even_what_is_not_close_on_exec()
    {
        using AnonymousPipe leaky = AnonymousPipe.Create();
        LibC.Check(LibC.fcntl(leaky.Reader.Handle, LibC.F_SETFD, 0));
        using AnonymousPipe wanted = AnonymousPipe.Create();
        using ChildProcess child = ChildProcess.Start(new ChildProcessOptions
        {
            FileName = "cat",
            StandardInput = StandardStream.Pipe,
            Descriptors = new Dictionary<int, SafeHandle> { [7] = wanted.Writer.Handle },
        });
        // While the program is loaded, a library's file may be open for a moment.
        await Eventually.IsTrue(() => Directory.EnumerateFileSystemEntries($"/proc/{child.Id}/fd").Select(Path.GetFileName).Order()
            .SequenceEqual(["0", "1", "2", "7"]));
        child.StandardInput.Dispose();
        await child.WaitAsync().OrHang();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1024)]
    public void A_number_out_of_range_is_refused(int number)
    {
        using AnonymousPipe pipe = AnonymousPipe.Create();
        Assert.Throws<ArgumentOutOfRangeException>(() => ChildProcess.Start(
            Shell(":") with { Descriptors = new Dictionary<int, SafeHandle> { [number] = pipe.Reader.Handle } }));
    }

    [Fact]
    public async Task Signals_start_clean()
    {
        string status = await ShellAsync("cat /proc/self/status", options => options);
        foreach (string set in (string[])["SigBlk", "SigIgn", "SigCgt"])
        {
            Assert.Contains($"{set}:\t0000000000000000\n", status, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(ChildGroup.Inherited)]
    [InlineData(ChildGroup.New)]
    [InlineData(ChildGroup.NewSession)]
    public async Task Group_and_session_are_as_asked(ChildGroup group)
    {
        using ChildProcess child = ChildProcess.Start(Shell("read line") with { Group = group, StandardInput = StandardStream.Pipe });
        int ourGroup = LibC.getpgid(0), ourSession = LibC.getsid(0);
        Assert.Equal(group == ChildGroup.Inherited ? ourGroup : child.Id, LibC.getpgid(child.Id));
        Assert.Equal(group == ChildGroup.NewSession ? child.Id : ourSession, LibC.getsid(child.Id));
        child.StandardInput.Dispose();
        await child.WaitAsync().OrHang();
    }

    internal static ChildProcessOptions Shell(string script) => new() { FileName = "sh", Arguments = ["-c", script] };

    internal static async Task<string> ShellAsync(string script, Func<ChildProcessOptions, ChildProcessOptions> change)
    {
        CapturedOutput result = await ChildProcess.RunAsync(change(Shell(script))).OrHang();
        Assert.Equal("", result.ErrorText);
        return result.OutputText;
    }
}
