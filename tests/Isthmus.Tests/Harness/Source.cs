using System.Runtime.CompilerServices;

namespace Isthmus.Tests.Harness;

/// <summary>The checkout that this test program was built from.</summary>
internal static class Source
{
    public static string Root { get; } = Path.GetFullPath("../../..", Path.GetDirectoryName(ThisFile())!);

    /// <summary>All C# files below the named top-level folders, as paths from the root.</summary>
    public static IEnumerable<string> Files(params string[] folders) =>
        from folder in folders
        where Directory.Exists(Path.Combine(Root, folder))
        from path in Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
        select Path.GetRelativePath(Root, path);

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
