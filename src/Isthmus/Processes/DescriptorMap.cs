using System.Runtime.InteropServices;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// Which descriptor of ours becomes which number in the child, kept open until the child has started. Whatever is not in it,
/// and is not 0, 1 or 2, the child does not get.
/// </summary>
internal sealed class DescriptorMap : IDisposable
{
    private readonly SortedDictionary<int, SafeHandle> _sources = [];
    private readonly List<SafeHandle> _referenced = [];
    private readonly List<SafeHandle> _owned = [];

    public const int StandardCount = 3;

    /// <summary>The lowest number above all that the child gets.</summary>
    public int End { get; private set; } = StandardCount;

    public void Add(int target, SafeHandle source)
    {
        bool referenced = false;
        source.DangerousAddRef(ref referenced);
        _referenced.Add(source);
        _sources.Add(target, source);
        End = Math.Max(End, target + 1);
    }

    /// <summary>As <see cref="Add"/>; the source is closed once the child has its own.</summary>
    public void AddOwned(int target, SafeHandle source)
    {
        _owned.Add(source);
        Add(target, source);
    }

    /// <summary>
    /// The copies to make, in any order: a source that would be overwritten as the target of another is
    /// duplicated above all of them first.
    /// </summary>
    public IEnumerable<(int Source, int Target)> Copies()
    {
        foreach ((int target, SafeHandle source) in _sources)
        {
            int number = (int)source.DangerousGetHandle();
            yield return (number < End && number != target ? MoveUp(source) : number, target);
        }
    }

    public bool Contains(int target) => _sources.ContainsKey(target);

    public void Dispose()
    {
        foreach (SafeHandle source in _referenced)
        {
            source.DangerousRelease();
        }
        foreach (SafeHandle source in _owned)
        {
            source.Dispose();
        }
    }

    private int MoveUp(SafeHandle source)
    {
        SafeFileHandle moved = new(LibC.Check(LibC.fcntl(source, LibC.F_DUPFD_CLOEXEC, End)), ownsHandle: true);
        _owned.Add(moved);
        return (int)moved.DangerousGetHandle();
    }
}
