using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// An object that lives in shared memory: each process that opens it takes part with its own attachment. It has a name, or is unnamed and handed on
/// as a
/// descriptor (<see cref="Share"/>).
/// </summary>
/// <remarks>
/// <para>
/// What is held belongs to the attachment (this object) and to the scope that was returned, not to a thread. Disposing the attachment, or the death
/// of its process at
/// any instruction, gives back what it holds, as each type says under <i>Crash behaviour</i> in the guide. Names of all types are one namespace for
/// each directory.
/// </para>
/// <para>All members may be used by several threads at once. Disposing ends the waits of this attachment with <see
/// cref="ObjectDisposedException"/>.</para>
/// </remarks>
[SuppressMessage("Design", "CA1063", Justification = "Nobody else derives from it, and there is nothing to finalize here.")]
public abstract class SharedObject : IDisposable
{
    private protected SharedObject(Segment segment) => Segment = segment;

    /// <summary>The name under which it was opened; null for an unnamed one.</summary>
    public string? Name => Segment.Name;

    /// <summary>This process's part in the segment.</summary>
    internal Segment Segment { get; }

    /// <summary>Removes a name. The object stays with those who have it open.</summary>
    /// <param name="name">The name.</param>
    /// <param name="directory">Where, when it is not in the user's own directory.</param>
    /// <exception cref="ArgumentException">It is no name for a shared object.</exception>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>, <c>EPERM</c>: it is another user's.</exception>
    public static void Unlink(string name, string? directory = null) => Segment.Unlink(name, directory);

    /// <summary>
    /// Lists all objects that have a name in a directory, in the order of their names, and who takes part in each. It takes no slot and no lock: nobody is
    /// disturbed. What is removed meanwhile is left out.
    /// </summary>
    /// <param name="options">Which directory, the user's own by default, and whose objects.</param>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: the directory must not be read.</exception>
    public static IReadOnlyList<SharedObjectEntry> List(SharedObjectOptions? options = null) =>
        [.. SegmentDirectory.List(options ?? new()).Select(static entry => new SharedObjectEntry(entry))];

    /// <summary>
    /// Removes the name of an object in which nobody takes part, of whatever kind; false when somebody does, or is just opening it. It is proved, and nobody
    /// can begin meanwhile: neither age nor guesses count. What the object holds is lost.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="options">Where it is, and whose it may be.</param>
    /// <exception cref="ArgumentException">It is no name for a shared object.</exception>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>.</exception>
    /// <exception cref="InvalidDataException">What stands there is no shared object; it is left alone.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>, <c>EPERM</c>: it is another user's.</exception>
    public static bool TryUnlinkStale(string name, SharedObjectOptions? options = null) => SegmentDirectory.TryRemoveUnused(name, options ?? new());

    /// <summary>
    /// A descriptor of the memory of an unnamed object, for a child (inherited) or for another process (sent over a <see cref="UnixSocket"/>).
    /// Whoever has it can take part.
    /// </summary>
    /// <exception cref="InvalidOperationException">It has a name: let the others open it by that.</exception>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public SafeFileHandle Share() => Segment.Share();

    /// <summary>Ends this process's part. Waits of this attachment end; what it holds is given back as at its death.</summary>
    public void Dispose()
    {
        Segment.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public override string ToString() => Segment.ToString();
}
