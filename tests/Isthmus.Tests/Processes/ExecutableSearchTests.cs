using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Processes;

public sealed class ExecutableSearchTests : IDisposable
{
    private const UnixFileMode UserRead = UnixFileMode.UserRead;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_first_executable_file_wins_over_directories_and_plain_files()
    {
        Directory.CreateDirectory(_directory["a/tool"]);
        string plain = MakeFile("b", UserRead);
        string good = MakeFile("c", UserRead | UnixFileMode.UserExecute);
        MakeFile("d", UserRead | UnixFileMode.UserExecute);
        Assert.Equal(good, ExecutableSearch.Find("tool", Path("a", "b", "missing", "c", "d")));
        Assert.True(File.Exists(plain));
    }

    [Fact]
    public void What_is_found_but_not_executable_is_EACCES()
    {
        MakeFile("b", UserRead);
        Assert.Equal(Errno.EACCES, ErrnoOf<UnauthorizedAccessException>(() => ExecutableSearch.Find("tool", Path("b", "c"))));
    }

    [Fact]
    public void What_is_nowhere_is_ENOENT() =>
        Assert.Equal(Errno.ENOENT, ErrnoOf<FileNotFoundException>(() => ExecutableSearch.Find("tool", Path("a", "b"))));

    [Fact]
    public void A_file_in_place_of_a_directory_of_PATH_is_passed_over()
    {
        string file = MakeFile("b", UserRead);
        string good = MakeFile("c", UserRead | UnixFileMode.UserExecute);
        Assert.Equal(good, ExecutableSearch.Find("tool", file + ":" + _directory["c"]));
    }

    [Theory]
    [InlineData("/no/such/file")]
    [InlineData("./tool")]
    [InlineData("a/b")]
    public void A_name_with_a_slash_is_not_searched(string file) => Assert.Equal(file, ExecutableSearch.Find(file, "/bin"));

    [Fact]
    public void Without_PATH_the_usual_directories_are_searched() => Assert.Equal("/bin/sh", ExecutableSearch.Find("sh", null));

    [Fact]
    public void An_empty_element_is_the_current_directory()
    {
        MakeFile("c", UserRead | UnixFileMode.UserExecute);
        using Child child = Child.Start(FindInCurrentDirectory, _directory["c"]);
        Assert.Equal("./tool", child.ReadLine());
    }

    private static void FindInCurrentDirectory(string[] args)
    {
        Directory.SetCurrentDirectory(args[0]);
        Console.WriteLine(ExecutableSearch.Find("tool", "/missing::/bin"));
    }

    private string Path(params string[] directories) => string.Join(':', directories.Select(each => _directory[each]));

    private string MakeFile(string directory, UnixFileMode mode)
    {
        Directory.CreateDirectory(_directory[directory]);
        string path = System.IO.Path.Combine(_directory[directory], "tool");
        File.WriteAllText(path, "#!/bin/sh\n");
        File.SetUnixFileMode(path, mode);
        return path;
    }

    private static Errno ErrnoOf<T>(Action action)
        where T : Exception =>
        Assert.IsType<PosixException>(Assert.Throws<T>(action).InnerException).Errno;
}
