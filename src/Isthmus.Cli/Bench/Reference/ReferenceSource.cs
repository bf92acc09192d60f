namespace Isthmus.Cli.Bench;

/// <summary>A program in bench/reference: its file, whose extension says who builds or runs it, and what a machine may lack for it.</summary>
internal sealed record ReferenceSource(string File)
{
    /// <summary>What it is linked with, as a compiler takes it.</summary>
    public IReadOnlyList<string> Libraries { get; init; } = [];

    /// <summary>The package that brings it, by its name in Debian; null for a program that needs nothing but a compiler.</summary>
    public string? Package { get; init; }

    public string Name => Path.GetFileNameWithoutExtension(File);

    /// <summary>A script is not compiled.</summary>
    public bool IsScript => File.EndsWith(".py", StringComparison.Ordinal);
}
