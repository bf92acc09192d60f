using System.Globalization;
using Isthmus.Native;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Processes;

/// <summary>In children: who is replaced tells no more.</summary>
public sealed class ExecTests
{
    [Fact]
    public void The_process_stays_and_the_program_changes()
    {
        using Child child = Child.Start(ShellBody, "echo $$; exit 7");
        Assert.Equal(child.Id.ToString(CultureInfo.InvariantCulture), child.ReadLine());
        Assert.Equal(7, child.WaitForExit());
    }

    [Fact]
    public void It_works_from_a_thread_that_is_not_the_first()
    {
        using Child child = Child.Start(ThreadBody);
        Assert.Equal(child.Id.ToString(CultureInfo.InvariantCulture), child.ReadLine());
        Assert.Equal(0, child.WaitForExit());
    }

    [Fact]
    public void Arguments_arrive_as_they_are()
    {
        using Child child = Child.Start(ArgumentsBody);
        Assert.Equal("[name][a b][][\"'][$HOME][é", child.ReadLine());
        Assert.Equal("x]", child.ReadLine());
    }

    [Fact]
    public void The_environment_is_changed_or_replaced()
    {
        using Child changed = Child.Start(EnvironmentBody, "inherit");
        Assert.Equal("new - unset", changed.ReadLine());
        using Child replaced = Child.Start(EnvironmentBody, "empty");
        Assert.Equal("new gone unset", replaced.ReadLine());
    }

    [Fact]
    public void Nothing_of_the_runtime_is_inherited()
    {
        using TemporaryDirectory directory = new();
        using Child child = Child.Start(OpenFilesBody, directory["open-file"]);
        Assert.Equal("SigBlk:\t0000000000000000", child.ReadLine());
        // SIGQUIT and SIGINT may be ignored from further up; SIGPIPE is 13, so bit 12.
        ulong ignored = ulong.Parse(child.ReadLine().AsSpan("SigIgn:\t".Length), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        Assert.Equal(0ul, ignored & (1ul << 12));
        Assert.Equal("0 left open", child.ReadLine());
    }

    [Fact]
    public void The_soft_limit_of_open_files_is_the_parents_again()
    {
        string[] command = [Environment.ProcessPath!, .. Child.Arguments(ShellBody, "ulimit -S -n")];
        (string output, int exitCode) = Peer.Run("sh", ["-c", "ulimit -S -n 512; \"$@\"; exit $?", "sh", .. command]);
        Assert.Equal("512\n", output);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public void Errors_are_exact_and_leave_all_as_it_was()
    {
        using TemporaryDirectory directory = new();
        ScriptFile.Write(directory["text"], "no program");
        ScriptFile.Write(directory["script"], "#!/no/such/interpreter\n");
        File.WriteAllText(directory["plain"], "#!/bin/sh\n");
        using Child child = Child.Start(ErrorsBody, directory.Root);
        Assert.Equal("ENOENT ENOENT ENOENT EACCES EACCES ENOEXEC E2BIG ENOTDIR NUL NAME", child.ReadLine());
        Assert.Equal("state kept", child.ReadLine());
        Assert.Equal(0, child.WaitForExit());
    }

    [Fact]
    public void A_missing_interpreter_is_told_from_a_missing_program()
    {
        Assert.Contains("interpreter", ExecutableSearch.Hint(Errno.ENOENT, "/bin/sh"), StringComparison.Ordinal);
        Assert.Null(ExecutableSearch.Hint(Errno.ENOENT, "/no/such/program"));
    }

    private static void ShellBody(string[] args) => Exec.Replace("sh", "-c", args[0]);

    private static void OpenFilesBody(string[] args)
    {
        using FileStream file = File.Create(args[0]);
        using ProcessHandle self = ProcessHandle.Open(Environment.ProcessId);
        Assert.False(self.HasExited);
        ShellBody(["grep -E 'Sig(Blk|Ign)' /proc/self/status; echo $(ls -l /proc/self/fd | grep -c -E 'open-file|pidfd|epoll') left open"]);
    }

    private static void ThreadBody(string[] args)
    {
        Thread thread = new(() => Exec.Replace("/bin/sh", "-c", "echo $$"));
        thread.Start();
        Thread.Sleep(Timeout.Infinite);
    }

    private static void ArgumentsBody(string[] args) => Exec.Replace(new ExecOptions
    {
        FileName = "sh",
        ArgumentZero = "name",
        Arguments = ["-c", "printf '[%s]' $(tr '\\0\\n' '  ' < /proc/$$/cmdline | cut -d' ' -f1) \"$@\"", "sh", "a b", "", "\"'", "$HOME", "é\nx"],
    });

    private static void EnvironmentBody(string[] args)
    {
        Environment.SetEnvironmentVariable("ISTHMUS_KEPT", "-");
        Environment.SetEnvironmentVariable("ISTHMUS_REMOVED", "still here");
        Exec.Replace(new ExecOptions
        {
            FileName = "/bin/sh",
            Arguments = ["-c", "echo $ISTHMUS_SET ${ISTHMUS_KEPT-gone} ${ISTHMUS_REMOVED-unset}"],
            Environment = new Dictionary<string, string?> { ["ISTHMUS_SET"] = "new", ["ISTHMUS_REMOVED"] = null },
            InheritsEnvironment = args[0] == "inherit",
        });
    }

    private static void ErrorsBody(string[] args)
    {
        string before = State();
        string huge = new('x', 200_000);
        Console.WriteLine(string.Join(' ',
            Failure(() => Exec.Replace("isthmus-no-such-program")),
            Failure(() => Exec.Replace(args[0] + "/missing")),
            Failure(() => Exec.Replace(args[0] + "/script")),
            Failure(() => Exec.Replace(args[0])),
            Failure(() => Exec.Replace(args[0] + "/plain")),
            Failure(() => Exec.Replace(args[0] + "/text")),
            Failure(() => Exec.Replace("/bin/true", huge)),
            Failure(() => Exec.Replace(args[0] + "/text/below")),
            Failure(() => Exec.Replace("/bin/true", "a\0b")) == "ArgumentException" ? "NUL" : "?",
            Failure(() => Exec.Replace(new ExecOptions
            {
                FileName = "/bin/true",
                Environment = new Dictionary<string, string?> { ["a=b"] = "" },
            })) == "ArgumentException" ? "NAME" : "?"));
        Console.WriteLine(before == State() ? "state kept" : $"{before} became {State()}");
    }

    private static string Failure(Action replace)
    {
        Exception error = Record.Exception(replace)!;
        return ((error.InnerException ?? error) as PosixException)?.Errno.ToString() ?? error.GetType().Name;
    }

    private static unsafe string State()
    {
        LibC.rlimit descriptors;
        LibC.Check(LibC.prlimit(0, LibC.RLIMIT_NOFILE, null, &descriptors));
        IEnumerable<string> signals = File.ReadLines("/proc/thread-self/status")
            .Where(line => line.StartsWith("SigBlk", StringComparison.Ordinal) || line.StartsWith("SigIgn", StringComparison.Ordinal));
        return string.Join(' ', signals) + descriptors.rlim_cur.ToString(CultureInfo.InvariantCulture);
    }
}
