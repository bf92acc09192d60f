using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>The size of a terminal.</summary>
/// <param name="Columns">Characters in a line.</param>
/// <param name="Rows">Lines.</param>
public readonly record struct TerminalSize(ushort Columns, ushort Rows)
{
    /// <summary>80 columns, 24 rows.</summary>
    public static TerminalSize Default { get; } = new(80, 24);

    /// <summary>The size of a terminal, such as standard output; 0 and 0 when nobody has told it one.</summary>
    /// <exception cref="PosixException"><c>ENOTTY</c>: it is no terminal; <c>EIO</c>: it was hung up.</exception>
    public static unsafe TerminalSize Of(SafeFileHandle terminal)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        LibC.winsize size;
        LibC.Check(LibC.ioctl(terminal, LibC.TIOCGWINSZ, &size), "terminal");
        return new TerminalSize(size.ws_col, size.ws_row);
    }
}
