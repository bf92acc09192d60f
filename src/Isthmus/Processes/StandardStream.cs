using System.Runtime.InteropServices;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>What a child's standard input, output or error is connected to. Files and devices are opened when the
/// child starts.</summary>
public abstract class StandardStream
{
    // Less the umask, as every program creates its output.
    private const uint FileMode = LibC.DEFFILEMODE;

    private StandardStream()
    {
    }

    /// <summary>The same as this process's own.</summary>
    public static StandardStream Inherit { get; } = new InheritStream();

    /// <summary><c>/dev/null</c>: empty to read, swallows what is written.</summary>
    public static StandardStream Null { get; } = new FileStream("/dev/null", LibC.O_RDWR);

    /// <summary>A new pipe; this process's end is a property of the <see cref="ChildProcess"/>.</summary>
    public static StandardStream Pipe { get; } = new PipeStream();

    /// <summary>For standard error: wherever standard output goes (<c>2>&amp;1</c>).</summary>
    public static StandardStream StandardOutput { get; } = new OutputStream();

    /// <summary>Reads the file.</summary>
    public static StandardStream FromFile(string path) => new FileStream(path, LibC.O_RDONLY);

    /// <summary>Creates the file (0666 less the umask), or empties it, and writes it.</summary>
    public static StandardStream ToFile(string path) => new FileStream(path, LibC.O_WRONLY | LibC.O_CREAT | LibC.O_TRUNC);

    /// <summary>Creates the file (0666 less the umask), or keeps its content, and writes at its end.</summary>
    public static StandardStream AppendToFile(string path) => new FileStream(path, LibC.O_WRONLY | LibC.O_CREAT | LibC.O_APPEND);

    /// <summary>Any open descriptor; it stays open here, and may be closed once the child has started.</summary>
    public static StandardStream Handle(SafeHandle handle) => new HandleStream(handle);

    /// <summary>The program's side of a pseudoterminal, which becomes the controlling terminal of the child, in a new
    /// session.</summary>
    public static StandardStream Terminal(PseudoTerminal terminal) => new TerminalStream(terminal);

    /// <summary>Connects stream <paramref name="number"/> (0, 1, 2) of the child that is being prepared.</summary>
    internal abstract void Connect(ChildStreams streams, int number);

    private sealed class InheritStream : StandardStream
    {
        internal override void Connect(ChildStreams streams, int number)
        {
        }
    }

    private sealed class FileStream(string path, int flags) : StandardStream
    {
        internal override void Connect(ChildStreams streams, int number)
        {
            ArgumentException.ThrowIfNullOrEmpty(path);
            SafeFileHandle file = LibC.Check(LibC.open(path, flags | LibC.O_CLOEXEC | LibC.O_NOCTTY, FileMode), path);
            streams.Descriptors.AddOwned(number, file);
        }
    }

    private sealed class PipeStream : StandardStream
    {
        internal override void Connect(ChildStreams streams, int number) => streams.AddPipe(number);
    }

    private sealed class OutputStream : StandardStream
    {
        internal override void Connect(ChildStreams streams, int number)
        {
            if (number != 2)
            {
                throw new ArgumentException("Only standard error can go where standard output goes.");
            }
            streams.ErrorsToOutput = true;
        }
    }

    private sealed class HandleStream(SafeHandle handle) : StandardStream
    {
        internal override void Connect(ChildStreams streams, int number) => streams.Descriptors.Add(number, handle);
    }

    private sealed class TerminalStream(PseudoTerminal terminal) : StandardStream
    {
        internal override void Connect(ChildStreams streams, int number) => streams.AddTerminal(number, terminal);
    }
}
