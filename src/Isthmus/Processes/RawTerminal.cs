using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// A terminal whose keys are read as they are pressed, and not echoed (<c>termios(3)</c>), until this is disposed: for programs that draw a screen, and for
/// those that hand a terminal on to a <see cref="PseudoTerminal"/>.
/// </summary>
/// <remarks>
/// The mode belongs to the terminal and not to the process: who is stopped or killed leaves it as it is. Dispose this before the process stops, and enter
/// again when it goes on. All members may be used by several threads at once.
/// </remarks>
public sealed class RawTerminal : IDisposable
{
    private readonly SafeFileHandle _terminal;
    private readonly LibC.termios _before;
    private int _isDisposed;

    private RawTerminal(SafeFileHandle terminal, in LibC.termios before)
    {
        _terminal = terminal;
        _before = before;
    }

    /// <summary>Changes the mode of a terminal, once what was written to it has been printed.</summary>
    /// <param name="terminal">The terminal, such as standard input. It stays the caller's, and must be open until this is disposed.</param>
    /// <param name="keepsSignals">
    /// Ctrl+C, Ctrl+\ and Ctrl+Z send their signals as always, and lines that are printed end as always (what curses calls cbreak). Else they are keys like
    /// others, and what is printed goes out as it is.
    /// </param>
    /// <exception cref="PosixException"><c>ENOTTY</c>: it is no terminal; <c>EIO</c>: it was hung up.</exception>
    public static unsafe RawTerminal Enter(SafeFileHandle terminal, bool keepsSignals)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        LibC.termios before;
        LibC.Check(LibC.tcgetattr(terminal, &before), "terminal");
        LibC.termios mode = before;
        if (keepsSignals)
        {
            // A key may be Ctrl+S; Enter is \r, which Ctrl+J is not.
            mode.c_iflag &= ~(LibC.IXON | LibC.ICRNL);
            mode.c_lflag &= ~(LibC.ICANON | LibC.ECHO | LibC.IEXTEN);
            mode.c_cc[LibC.VMIN] = 1;
            mode.c_cc[LibC.VTIME] = 0;
        }
        else
        {
            LibC.cfmakeraw(&mode);
        }
        LibC.Check(LibC.tcsetattr(terminal, LibC.TCSADRAIN, &mode), "terminal");
        return new RawTerminal(terminal, before);
    }

    /// <summary>Gives the terminal the mode back that it had. A terminal that is gone needs none.</summary>
    public unsafe void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0 && !_terminal.IsClosed)
        {
            LibC.termios before = _before;
            _ = LibC.tcsetattr(_terminal, LibC.TCSADRAIN, &before);
        }
    }
}
