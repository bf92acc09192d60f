using System.Net.Sockets;
using System.Runtime.InteropServices;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

// To and from the BCL's Socket and bare descriptors, and the options of SOL_SOCKET.
public sealed partial class UnixSocket
{
    /// <summary>
    /// What one message or the data under way may take in the kernel, in bytes (<c>SO_SNDBUF</c>). The kernel doubles
    /// what is set, to cover its own bookkeeping, and reads back the double; it cuts at <c>net.core.wmem_max</c>
    /// without an error.
    /// </summary>
    public int SendBufferBytes
    {
        get => GetOption(Handle, LibC.SO_SNDBUF);
        set => SetOption(LibC.SO_SNDBUF, value);
    }

    /// <summary>
    /// Takes over a descriptor that is a Unix socket: one that was received, inherited, or made elsewhere. It closes
    /// with the result; when it is refused it stays the caller's.
    /// </summary>
    /// <exception cref="ArgumentException">The descriptor is no Unix socket, or one that listens.</exception>
    public static UnixSocket FromHandle(SafeFileHandle handle)
    {
        ArgumentNullException.ThrowIfNull(handle);
        SocketType type = TypeOf(handle);
        return !IsListening(handle)
            ? new UnixSocket(handle, type)
            : throw new ArgumentException("The socket listens: it accepts connections and carries no data.", nameof(handle));
    }

    /// <summary>A second descriptor of a BCL socket's connection; each is disposed on its own.</summary>
    /// <exception cref="ArgumentException">It is no Unix socket, or one that listens.</exception>
    public static UnixSocket FromSocket(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        SafeFileHandle handle = Duplicate(socket.SafeHandle);
        try
        {
            return FromHandle(handle);
        }
        catch (ArgumentException)
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>
    /// A second descriptor of this connection as a BCL <see cref="Socket"/>; each is disposed on its own. Its first
    /// async call makes the shared description non-blocking, which <see cref="UnixSocket"/> copes with. A
    /// <see cref="NetworkStream"/> that owns it shuts the connection down when it is disposed, for both.
    /// </summary>
    public Socket ToSocket()
    {
#pragma warning disable CA2000 // The Socket owns it.
        SafeSocketHandle handle = new(LibC.Check(LibC.fcntl(Handle, LibC.F_DUPFD_CLOEXEC)), ownsHandle: true);
#pragma warning restore CA2000
        return new Socket(handle);
    }

    /// <summary>The type of a Unix socket.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    internal static SocketType TypeOf(SafeHandle handle)
    {
        try
        {
            if (GetOption(handle, LibC.SO_DOMAIN) == LibC.AF_UNIX)
            {
                return (SocketType)GetOption(handle, LibC.SO_TYPE);
            }
        }
        catch (PosixException error) when (error.Errno == Errno.ENOTSOCK)
        {
            // Said below.
        }
        throw new ArgumentException("The descriptor is no Unix socket.", nameof(handle));
    }

    internal static bool IsListening(SafeHandle handle) => GetOption(handle, LibC.SO_ACCEPTCONN) != 0;

    private static SafeFileHandle Duplicate(SafeHandle handle) =>
        new(LibC.Check(LibC.fcntl(handle, LibC.F_DUPFD_CLOEXEC)), ownsHandle: true);

    private static unsafe int GetOption(SafeHandle handle, int option)
    {
        int value = 0;
        uint length = sizeof(int);
        LibC.Check(LibC.getsockopt(handle, LibC.SOL_SOCKET, option, &value, &length));
        return value;
    }

    private unsafe void SetOption(int option, int value) =>
        LibC.Check(LibC.setsockopt(Handle, LibC.SOL_SOCKET, option, &value, sizeof(int)));
}
