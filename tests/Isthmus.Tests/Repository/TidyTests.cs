using System.Text.RegularExpressions;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Repository;

/// <summary>Rules about the source itself that no analyzer knows.</summary>
public sealed partial class TidyTests
{
    private const int LinesMax = 500;
    private const int LineLengthMax = 160;

    [Fact]
    public void Native_calls_are_declared_only_in_src_Isthmus_Native() => AssertNone(
        NativeImports(), Source.Files("src").Where(path => !path.StartsWith("src/Isthmus/Native/", StringComparison.Ordinal)));

    [Fact]
    public void Unsafe_blocks_stand_only_in_src_Isthmus()
    {
        foreach (string project in Directory.EnumerateFiles(Path.Combine(Source.Root, "src"), "*.csproj", SearchOption.AllDirectories))
        {
            bool allows = File.ReadAllText(project).Contains("<AllowUnsafeBlocks>true", StringComparison.Ordinal);
            Assert.Equal(Path.GetFileName(project) == "Isthmus.csproj", allows);
        }
    }

    [Fact]
    public void Nothing_is_left_unfinished() => AssertNone(Leftovers(), OutsideThisFolder(Source.Files("src", "tests", "bench", "examples")));

    [Fact]
    public void No_test_sleeps_to_synchronise() => AssertNone(Sleeps(), OutsideThisFolder(Source.Files("tests")));

    [Fact]
    public void No_test_is_switched_off() => AssertNone(SwitchedOff(), OutsideThisFolder(Source.Files("tests")));

    [Fact]
    public void Files_fit_in_a_head() =>
        Assert.DoesNotContain(Source.Files("src", "tests", "bench", "examples"), path => Source.Read(path).Split('\n').Length > LinesMax);

    [Fact]
    public void Lines_fit_on_a_screen() => Assert.Empty(
        from path in Source.Files("src", "tests", "bench", "examples")
        from line in Source.Read(path).Split('\n').Index()
        where line.Item.Length > LineLengthMax && !line.Item.Contains("GeneratedRegex", StringComparison.Ordinal)
        select $"{path}:{line.Index + 1}");

    private static IEnumerable<string> OutsideThisFolder(IEnumerable<string> paths) =>
        paths.Where(path => !path.StartsWith("tests/Isthmus.Tests/Repository/", StringComparison.Ordinal));

    private static void AssertNone(Regex unwanted, IEnumerable<string> paths)
    {
        string[] files = [.. paths];
        Assert.NotEmpty(files);
        Assert.DoesNotContain(files, path => unwanted.IsMatch(Source.Read(path)));
    }

    [GeneratedRegex(@"\[(LibraryImport|DllImport)\b")]
    private static partial Regex NativeImports();

    [GeneratedRegex(@"\b(FIXME|TODO|HACK|NotImplementedException)\b")]
    private static partial Regex Leftovers();

    // A child that waits to be killed may sleep for ever.
    [GeneratedRegex(@"(Thread\.Sleep|Task\.Delay)\((?!Timeout\.Infinite|-1)")]
    private static partial Regex Sleeps();

    [GeneratedRegex(@"\bSkip\s*=\s*""")]
    private static partial Regex SwitchedOff();
}
