using System.Globalization;

namespace Isthmus.Cli.Doctor;

/// <summary>What the kernel says of the machine and of this process in files.</summary>
/// <param name="root">Where the file system begins; another one in tests.</param>
internal sealed class MachineFiles(string root = "/")
{
    /// <summary>The whole of a file without the newline at its end; null when there is none, or it may not be read.</summary>
    public string? Text(string path)
    {
        try
        {
            return File.ReadAllText(Path.Combine(root, path)).TrimEnd('\n');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public bool HasDirectory(string path) => Directory.Exists(Path.Combine(root, path));

    public string[] Lines(string path) => Text(path)?.Split('\n') ?? [];

    /// <summary>A number that stands alone in a file.</summary>
    public long? Number(string path) => long.TryParse(Text(path), NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;

    /// <summary>What stands behind a name and a colon, as in <c>/proc/self/status</c>.</summary>
    public string? Field(string path, string name) => Lines(path)
        .Where(line => line.StartsWith(name + ":", StringComparison.Ordinal)).Select(line => line[(name.Length + 1)..].Trim()).FirstOrDefault();

    /// <summary>The soft and the hard limit that <c>/proc/self/limits</c> has for this process; null for unlimited.</summary>
    public (long? Soft, long? Hard) Limit(string name)
    {
        string? line = Lines("proc/self/limits").FirstOrDefault(line => line.StartsWith(name + "  ", StringComparison.Ordinal));
        string[] words = line?[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        return words is [string soft, string hard, ..] ? (Parse(soft), Parse(hard)) : (null, null);
    }

    /// <summary>Where something is mounted, with its type and options; null when nothing is.</summary>
    public (string Type, string[] Options)? Mount(string path)
    {
        string? line = Lines("proc/self/mounts").LastOrDefault(line => line.Split(' ') is [_, string where, ..] && where == path);
        return line?.Split(' ') is [_, _, string type, string options, ..] ? (type, options.Split(',')) : null;
    }

    private static long? Parse(string word) => long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;
}
