using System.Buffers;

namespace Isthmus;

/// <summary>The name of a segment and the directory that it stands in. Objects of all kinds share one space of names.</summary>
/// <param name="Name">As it was given.</param>
/// <param name="Directory">A full path.</param>
/// <param name="IsOwnDirectory">Whether it is the default one, that of the user alone.</param>
internal sealed record SegmentName(string Name, string Directory, bool IsOwnDirectory)
{
    private const int LengthMax = 200;

    private static readonly SearchValues<char> s_allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>The file.</summary>
    public string Path { get; } = System.IO.Path.Combine(Directory, Name);

    /// <summary>Checks a name.</summary>
    /// <exception cref="ArgumentException">It is no name.</exception>
    public static SegmentName Of(string name, string? directory)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!IsName(name))
        {
            throw new ArgumentException(
                $"'{name}' is no name of a shared object: that is 1 to {LengthMax} of A-Z a-z 0-9 . _ - and has no dot in front.", nameof(name));
        }
        return directory is null
            ? new SegmentName(name, SegmentDirectory.Default, IsOwnDirectory: true)
            : new SegmentName(name, System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(directory)), IsOwnDirectory: false);
    }

    public Exception NotFound() => PosixException.From(Errno.ENOENT, "open", Name, $"There is no such name in {Directory}");

    public static bool IsName(string name) =>
        name.Length is > 0 and <= LengthMax && name[0] != '.' && !name.AsSpan().ContainsAnyExcept(s_allowed);
}
