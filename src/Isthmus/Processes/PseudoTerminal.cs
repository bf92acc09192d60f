using System.Text;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// A terminal made of software (<c>pty(7)</c>), seen from the side of the emulator: what is written here the program
/// reads as if
/// typed, and what the program prints is read here. Ctrl+C is the byte 3. Reads return 0 once every program that had the
/// terminal open has closed it.
/// </summary>
public sealed class PseudoTerminal : ByteStream
{
    private readonly PollableHandle _pollable;

    private PseudoTerminal(SafeFileHandle handle)
    {
        Handle = handle;
        _pollable = new PollableHandle(handle, typeof(PseudoTerminal));
        Name = NameOf(handle);
    }

    /// <summary>The emulator's descriptor; closed with this object.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>The path of the program's side, such as <c>/dev/pts/3</c>.</summary>
    public string Name { get; }

    /// <summary>The size in characters; setting it sends SIGWINCH to the foreground group.</summary>
    public unsafe TerminalSize Size
    {
        get => TerminalSize.Of(Handle);
        set
        {
            LibC.winsize size = new() { ws_col = value.Columns, ws_row = value.Rows };
            LibC.Check(LibC.ioctl(Handle, LibC.TIOCSWINSZ, &size), Name);
        }
    }

    /// <inheritdoc/>
    public override bool CanRead => !Handle.IsClosed;

    /// <inheritdoc/>
    public override bool CanWrite => !Handle.IsClosed;

    /// <summary>Makes a terminal of this size.</summary>
    /// <exception cref="PosixException"><c>ENOSPC</c>: no pseudoterminal left (<c>/proc/sys/kernel/pty/max</c>);
    /// <c>ENOENT</c>: devpts is not mounted.</exception>
    public static PseudoTerminal Create(TerminalSize size)
    {
        SafeFileHandle handle = LibC.Check(LibC.posix_openpt(LibC.O_RDWR | LibC.O_NOCTTY | LibC.O_CLOEXEC), "/dev/ptmx");
        try
        {
            LibC.Check(LibC.grantpt(handle));
            LibC.Check(LibC.unlockpt(handle));
            return new PseudoTerminal(handle) { Size = size };
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Reads what the program has printed, at least one byte; 0 when no program has the terminal open any
    /// more.</summary>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return _pollable.Run<SpanRead, int>(new SpanRead(buffer));
        }
        catch (PosixException error) when (error.Errno == Errno.EIO)
        {
            return 0;
        }
    }

    /// <inheritdoc cref="Read(Span{byte})"/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await _pollable.RunAsync<MemoryRead, int>(new MemoryRead(buffer), cancellationToken).ConfigureAwait(false);
        }
        catch (PosixException error) when (error.Errno == Errno.EIO)
        {
            return 0;
        }
    }

    /// <summary>Types these bytes, waiting while the terminal's input is full.</summary>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            buffer = buffer[_pollable.Run<SpanWrite, int>(new SpanWrite(buffer))..];
        }
    }

    /// <inheritdoc cref="Write(ReadOnlySpan{byte})"/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            buffer = buffer[await _pollable.RunAsync<MemoryWrite, int>(new MemoryWrite(buffer), cancellationToken).ConfigureAwait(false)..];
        }
    }

    /// <summary>Closes the terminal: it hangs up, and its programs get SIGHUP.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _pollable.Dispose();
        }
        base.Dispose(disposing);
    }

    /// <summary>Lets another user's programs open it by name; its group, <c>tty</c> mostly, stays.</summary>
    internal void GiveTo(uint user) => LibC.Check(LibC.lchown(Name, user, uint.MaxValue), Name);

    private static unsafe string NameOf(SafeFileHandle handle)
    {
        const int Length = 64;
        byte* name = stackalloc byte[Length];
        LibC.CheckReturned(LibC.ptsname_r(handle, name, Length));
        return Encoding.UTF8.GetString(new ReadOnlySpan<byte>(name, Length)[..new ReadOnlySpan<byte>(name, Length).IndexOf((byte)0)]);
    }
}
