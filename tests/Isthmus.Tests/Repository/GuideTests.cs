using System.Text.RegularExpressions;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Repository;

/// <summary>The guide tells the truth: its programs are those in examples/, they run, and print what they say.</summary>
public sealed partial class GuideTests
{
    private static readonly string[] s_sections = ["What", "When", "Example", "Limits", "Crash behaviour", "Errors", "Man pages"];

    // Pages that are no mechanism's.
    private static readonly string[] s_essays = ["concepts", "bench", "choosing", "shared-objects", "stress", "README"];

    public static TheoryData<string> Examples =>
        [.. Source.Files("examples").Select(path => Path.GetFileNameWithoutExtension(path)!).Where(name => name != "Program").Order(StringComparer.Ordinal)];

    public static TheoryData<string> Pages => [.. Markdown("docs/guide").Where(page => !s_essays.Contains(Path.GetFileNameWithoutExtension(page)))];

    public static TheoryData<string> Documents => [.. Markdown("docs"), .. Markdown(".", SearchOption.TopDirectoryOnly)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void The_example_prints_what_it_says(string name)
    {
        string[] parts = Source.Read($"examples/{name}.cs").Split("\n// Prints:\n");
        Assert.Equal(2, parts.Length);
        string expected = CommentMark().Replace(parts[1], "");

        (string output, int exitCode) = Peer.Run(Path.Combine(AppContext.BaseDirectory, "Isthmus.Examples"), [name]);

        Assert.Equal(expected, output);
        Assert.Equal(0, exitCode);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void The_example_stands_in_the_documentation_as_it_runs(string name)
    {
        string body = Body(Source.Read($"examples/{name}.cs"));
        Assert.Contains(Documents, document => Source.Read(document.Data).Contains($"```csharp\n{body}\n```", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_has_the_sections_of_every_page(string page) => Assert.Equal(
        s_sections, Source.Read(page).Split('\n').Where(line => line.StartsWith("## ", StringComparison.Ordinal)).Select(line => line[3..]));

    [Theory]
    [MemberData(nameof(Documents))]
    public void Links_lead_somewhere(string document) => Assert.All(
        Links().Matches(Source.Read(document)).Select(match => match.Groups["target"].Value),
        target => Assert.True(
            Path.Exists(Path.Combine(Source.Root, Path.GetDirectoryName(document)!, target)), $"{document} links to {target}, which is not there."));

    private static IEnumerable<string> Markdown(string folder, SearchOption depth = SearchOption.AllDirectories) =>
        from path in Directory.EnumerateFiles(Path.Combine(Source.Root, folder), "*.md", depth)
        select Path.GetRelativePath(Source.Root, path);

    // What stands between the braces of RunAsync, as it looks at the margin.
    private static string Body(string source)
    {
        string[] lines = source.Split('\n');
        int start = Array.FindIndex(lines, line => line.Contains(" RunAsync(", StringComparison.Ordinal)) + 2;
        int end = Array.FindIndex(lines, start, line => line == "    }");
        return string.Join('\n', lines[start..end].Select(line => line.Length >= 8 ? line[8..] : line));
    }

    [GeneratedRegex("^// ?", RegexOptions.Multiline)]
    private static partial Regex CommentMark();

    [GeneratedRegex(@"\]\((?!https?:|#|mailto:)(?<target>[^)#\s]+)")]
    private static partial Regex Links();
}
