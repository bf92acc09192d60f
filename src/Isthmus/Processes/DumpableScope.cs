using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// A thread that changes its user takes <c>PR_SET_DUMPABLE</c> from the whole process: its <c>/proc</c> files then
/// belong to root, and no core is
/// written. This puts it back, but only after that thread has ended: a dumpable process with a thread of a lesser user
/// could be
/// traced by that user.
/// </summary>
internal readonly struct DumpableScope : IDisposable
{
    // One at a time: a second would take the flag as the first has left it.
    private static readonly Lock s_lock = new();

    private readonly int _dumpable;
    private readonly bool _entered;

    private DumpableScope(int dumpable)
    {
        _dumpable = dumpable;
        _entered = true;
    }

    /// <summary>Remembers the flag when <paramref name="needed"/>; otherwise does nothing, and neither does
    /// Dispose.</summary>
    public static DumpableScope Enter(bool needed)
    {
        if (!needed)
        {
            return default;
        }
        s_lock.Enter();
        return new DumpableScope(LibC.prctl(LibC.PR_GET_DUMPABLE, 0));
    }

    public void Dispose()
    {
        if (_entered)
        {
            _ = LibC.prctl(LibC.PR_SET_DUMPABLE, _dumpable);
            s_lock.Exit();
        }
    }
}
