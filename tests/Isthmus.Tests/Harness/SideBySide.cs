using System.Globalization;

namespace Isthmus.Tests.Harness;

/// <summary>
/// Test programs of one user that run side by side, of whatever working tree: what one of them plants on the machine, another one cannot tell from what
/// it has left behind itself. The first one notes what is there, and the last one compares. A killed one is out, as its locks are.
/// </summary>
internal sealed class SideBySide : IDisposable
{
    private static readonly string s_path = Path.Combine(Path.GetTempPath(), $"isthmus-tests-{Environment.UserName}");

    // One at a time comes, or goes.
    private readonly FileLock _door = FileLock.OpenOrCreate(s_path, new FileLockOptions { Range = new FileLockRange(0, 1) });
    private readonly FileLock _presence = FileLock.OpenOrCreate(s_path, new FileLockOptions { Range = new FileLockRange(1, 1) });

    private SideBySide()
    {
    }

    public static SideBySide Enter(Func<IReadOnlyDictionary<string, int>> count)
    {
        SideBySide entered = new();
        using FileLockScope door = entered._door.Enter();
        if (entered.IsAlone)
        {
            Note(count());
        }
        entered._presence.Acquire(FileLockMode.Shared);
        return entered;
    }

    /// <summary>Says that the tests of this program are over.</summary>
    /// <returns>What was there before any of them began, when this is the last one, and nobody begins before <see cref="Dispose"/>; otherwise null.</returns>
    public Dictionary<string, int>? Leave()
    {
        _door.Acquire();
        _presence.Release();
        if (IsAlone)
        {
            return Noted();
        }
        _door.Release();
        return null;
    }

    public void Dispose()
    {
        _presence.Dispose();
        _door.Dispose();
    }

    private bool IsAlone => _presence.FindConflict() is null;

    private static void Note(IReadOnlyDictionary<string, int> counts) =>
        File.WriteAllLines(s_path, counts.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Value} {pair.Key}")));

    private static Dictionary<string, int> Noted() =>
        File.ReadLines(s_path).Select(static line => line.Split(' ', 2))
            .ToDictionary(static words => words[1], static words => int.Parse(words[0], CultureInfo.InvariantCulture));
}
