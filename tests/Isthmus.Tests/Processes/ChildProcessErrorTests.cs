using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Processes;

/// <summary>A start that fails tells why, and leaves nothing.</summary>
public sealed class ChildProcessErrorTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_missing_program_is_ENOENT()
    {
        FileNotFoundException error = Assert.Throws<FileNotFoundException>(() => ChildProcess.Start("/no/such/program"));
        Assert.Equal(Errno.ENOENT, Assert.IsType<PosixException>(error.InnerException).Errno);
        Assert.Contains("/no/such/program", error.Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => ChildProcess.Start("no-such-program-anywhere"));
    }

    [Fact]
    public void A_missing_directory_is_told_apart_from_a_missing_program()
    {
        FileNotFoundException error = Assert.Throws<FileNotFoundException>(
            () => ChildProcess.Start(new ChildProcessOptions { FileName = "true", WorkingDirectory = "/no/such/directory" }));
        Assert.Equal("chdir", Assert.IsType<PosixException>(error.InnerException).Call);
        Assert.Contains("/no/such/directory", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_as_directory_is_ENOTDIR() => Assert.Throws<DirectoryNotFoundException>(
        () => ChildProcess.Start(new ChildProcessOptions { FileName = "true", WorkingDirectory = "/etc/passwd" }));

    [Fact]
    public void A_missing_interpreter_is_told_apart_from_a_missing_program()
    {
        string script = Script("#!/no/such/interpreter\n");
        FileNotFoundException error = Assert.Throws<FileNotFoundException>(() => ChildProcess.Start(script));
        Assert.Contains("interpreter", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_and_a_file_without_permission_are_EACCES()
    {
        File.WriteAllText(_directory["data"], "#!/bin/sh\n");
        Assert.Throws<UnauthorizedAccessException>(() => ChildProcess.Start(_directory["data"]));
        Assert.Throws<UnauthorizedAccessException>(() => ChildProcess.Start(_directory.Root));
    }

    [Fact]
    public void A_script_without_interpreter_line_is_ENOEXEC_and_never_given_to_a_shell() =>
        AssertErrno(Errno.ENOEXEC, () => ChildProcess.Start(Script("echo hello\n")));

    [Fact]
    public void Too_long_arguments_are_E2BIG() => AssertErrno(Errno.E2BIG, () => ChildProcess.Start("true", new string('x', 200_000)));

    [Fact]
    public void A_program_that_is_open_for_writing_is_ETXTBSY()
    {
        File.Copy("/bin/true", _directory["program"]);
        using FileStream writer = File.OpenWrite(_directory["program"]);
        AssertErrno(Errno.ETXTBSY, () => ChildProcess.Start(_directory["program"]));
    }

    [Fact]
    public void Without_a_descriptor_to_learn_its_identity_a_child_runs_all_the_same()
    {
        using Child child = Child.Start(OneDescriptorBody);
        Assert.Equal("exited with 0, exited with 0", child.ReadLine());
        Assert.Equal(0, child.WaitForExit());
    }

    [Theory]
    [InlineData("limits")]
    [InlineData("guarded")]
    public void However_few_descriptors_are_left_a_held_child_starts_or_is_refused(string what)
    {
        using Child child = Child.Start(FewDescriptorsBody, what);
        Assert.Equal("refused some, started some, 0 guarded", child.ReadLine());
        Assert.Equal(0, child.WaitForExit());
    }

    [Fact]
    public void A_guarded_child_that_cannot_be_held_is_ended_and_its_number_forgotten()
    {
        using Child child = Child.Start(NotHeldBody);
        Assert.Equal("EMFILE, gone True, 0 guarded", child.ReadLine());
        Assert.Equal("0 guarded", child.ReadLine());
        Assert.Equal(0, child.WaitForExit());
    }

    [Fact]
    public void A_missing_input_file_is_told_by_its_name()
    {
        FileNotFoundException error = Assert.Throws<FileNotFoundException>(() => ChildProcess.Start(
            new ChildProcessOptions { FileName = "true", StandardInput = StandardStream.FromFile(_directory["missing"]) }));
        Assert.Equal(_directory["missing"], error.FileName);
    }

    [Fact]
    public void A_search_passes_directories_and_files_without_permission()
    {
        Directory.CreateDirectory(_directory["a"]);
        Directory.CreateDirectory(_directory["a/isthmus-tool"]);
        Directory.CreateDirectory(_directory["b"]);
        File.WriteAllText(_directory["b/isthmus-tool"], "");
        Directory.CreateDirectory(_directory["c"]);
        File.Move(Script("#!/bin/sh\nexit 7\n"), _directory["c/isthmus-tool"]);
        using Child child = Child.Start(SearchBody, _directory["a"], _directory["b"], _directory["c"]);
        Assert.Equal("exited with 7", child.ReadLine());
        Assert.Equal(0, child.WaitForExit());
    }

    // In a process of its own: others of this one read PATH meanwhile.
    private static void SearchBody(string[] args)
    {
        Environment.SetEnvironmentVariable("PATH", string.Join(':', [Environment.GetEnvironmentVariable("PATH"), .. args]));
        using ChildProcess child = ChildProcess.Start("isthmus-tool");
        Console.WriteLine(child.Wait());
    }

    private static void FewDescriptorsBody(string[] args)
    {
        ChildProcessOptions options = new()
        {
            FileName = "/bin/true",
            DiesWithParent = args[0] == "guarded",
            Limits = [new ResourceLimit(LimitedResource.CoreSize, 0)],
        };
        const int Most = 20;
        int refused = 0, started = 0;
        for (int left = 0; left < Most; left++)
        {
            using FewDescriptors few = FewDescriptors.Leave(left);
            try
            {
                using ChildProcess child = ChildProcess.Start(options);
                started += child.Wait().Code == 0 ? 1 : 0;
            }
            // The runtime needs two for a thread, and calls their lack so.
            catch (Exception error) when (error is OutOfMemoryException or PosixException { Errno: Errno.EMFILE })
            {
                refused++;
            }
        }
        string some = refused > 0 && started > 0 && refused + started == Most ? "some" : $"{refused} {started}";
        Console.WriteLine($"refused {some}, started {some}, {Guardian.GroupCount} guarded");
    }

    private static void NotHeldBody(string[] args)
    {
        int pid = RawChild.Start("exec sleep 1000");
        Guardian.Add(pid);
        PosixException? error;
        using (FewDescriptors.Leave(0))
        {
            error = Record.Exception(() => ChildProcess.TakeOver(pid, Birth.Now)) as PosixException;
        }
        Console.WriteLine($"{error?.Errno}, gone {RawChild.IsGone(pid)}, {Guardian.GroupCount} guarded");

        int ended = RawChild.Start("exit 0");
        Guardian.Add(ended);
        RawChild.Reap(ended);
        ChildProcess.TakeOver(ended, Birth.Now).Dispose();
        Console.WriteLine($"{Guardian.GroupCount} guarded");
    }

    private static void OneDescriptorBody(string[] args)
    {
        ExitStatus first;
        using (FewDescriptors.Leave(1))
        {
            using ChildProcess child = ChildProcess.Start("/bin/true");
            first = child.Wait();
        }
        using ChildProcess next = ChildProcess.Start("/bin/true");
        Console.WriteLine($"{first}, {next.Wait()}");
    }

    private static void AssertErrno(Errno errno, Action start) => Assert.Equal(errno, Assert.Throws<PosixException>(start).Errno);

    private string Script(string text)
    {
        string path = _directory["script"];
        ScriptFile.Write(path, text);
        return path;
    }
}
