using Microsoft.Win32.SafeHandles;

namespace Isthmus.Native;

/// <summary>A conversation with a part of the kernel by messages (<c>netlink(7)</c>).</summary>
internal sealed unsafe class NetlinkSocket : IDisposable
{
    private readonly SafeFileHandle _handle;

    private NetlinkSocket(SafeFileHandle handle) => _handle = handle;

    /// <summary>Null where this kernel or container has none of the family.</summary>
    public static NetlinkSocket? TryOpen(int family)
    {
        SafeFileHandle handle = LibC.socket(LibC.AF_NETLINK, LibC.SOCK_RAW | LibC.SOCK_CLOEXEC, family);
        if (!handle.IsInvalid)
        {
            return new NetlinkSocket(handle);
        }
        handle.Dispose();
        return null;
    }

    /// <summary>False when the kernel refuses the message.</summary>
    public bool TrySend(ReadOnlySpan<byte> message)
    {
        fixed (byte* bytes = message)
        {
            return LibC.send(_handle, bytes, (nuint)message.Length, 0) == message.Length;
        }
    }

    /// <summary>The next datagram's length; negative on an error, also when the kernel had to drop some (<c>ENOBUFS</c>).</summary>
    public int Receive(Span<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            nint length;
            while ((length = LibC.recv(_handle, bytes, (nuint)buffer.Length, 0)) < 0 && Errno.Last == Errno.EINTR)
            {
            }
            return length < 0 ? -(int)Errno.Last : (int)length;
        }
    }

    public void Dispose() => _handle.Dispose();
}
