using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

// Who is here and who is there.
public sealed partial class UnixSocket
{
    /// <summary>The name that this socket is bound to; of an accepted connection its listener's.</summary>
    public UnixAddress Address => LocalAddress(Handle);

    /// <summary>
    /// The name that the other side is bound to: of a client usually <see cref="UnixAddress.Unnamed"/>.
    /// </summary>
    /// <exception cref="PosixException"><c>ENOTCONN</c>: not connected.</exception>
    public unsafe UnixAddress PeerAddress
    {
        get
        {
            LibC.sockaddr_un address;
            uint length = (uint)sizeof(LibC.sockaddr_un);
            LibC.Check(LibC.getpeername(Handle, &address, &length));
            return UnixAddress.Read(address, length);
        }
    }

    /// <summary>
    /// Who connected, or who called <c>listen</c>, as it was at that moment: a process that changed its user or
    /// executed another program since is told as it was (<c>SO_PEERCRED</c>).
    /// </summary>
    /// <exception cref="PosixException">
    /// <c>ENOTCONN</c>: the socket has no connection (datagrams, except pairs, have none).
    /// </exception>
    public PeerCredentials PeerCredentials => CredentialsOf(Handle);

    /// <summary>
    /// Each received message tells its sender (<see cref="ReceivedMessage.Credentials"/>): whom the sender stated,
    /// checked by the kernel, or else the sender itself (<c>SO_PASSCRED</c>). Off by default; messages sent before it
    /// was on have none.
    /// </summary>
    public bool ReceivesCredentials
    {
        get => GetOption(Handle, LibC.SO_PASSCRED) != 0;
        set => SetOption(LibC.SO_PASSCRED, value ? 1 : 0);
    }

    /// <summary>
    /// The process at the other end as a pidfd (<c>SO_PEERPIDFD</c>), which never means another process, even when the
    /// number is used again: to wait for its end, or to signal it (<c>ProcessHandle.FromHandle</c>).
    /// </summary>
    /// <exception cref="PosixException">
    /// <c>ENOPROTOOPT</c>: the kernel is older than 6.5; <c>ENODATA</c>: no connection; <c>ESRCH</c> or <c>EINVAL</c>:
    /// the process has ended and been reaped (before 6.16).
    /// </exception>
    public unsafe SafeFileHandle OpenPeerPidfd()
    {
        int fd = -1;
        uint length = sizeof(int);
        if (LibC.getsockopt(Handle, LibC.SOL_SOCKET, LibC.SO_PEERPIDFD, &fd, &length) == 0)
        {
            return new SafeFileHandle(fd, ownsHandle: true);
        }
        Errno errno = Errno.Last;
        string? hint = errno == Errno.ENOPROTOOPT ? "It needs Linux 6.5; PeerCredentials tells the number." : null;
        throw PosixException.From(errno, "getsockopt", "SO_PEERPIDFD", hint);
    }

    internal static unsafe UnixAddress LocalAddress(SafeFileHandle handle)
    {
        LibC.sockaddr_un address;
        uint length = (uint)sizeof(LibC.sockaddr_un);
        LibC.Check(LibC.getsockname(handle, &address, &length));
        return UnixAddress.Read(address, length);
    }

    internal static bool IsSameUserOnly(PeerPolicy policy, UnixAddress address) => policy switch
    {
        PeerPolicy.ByAddress => address.Path is null,
        PeerPolicy.SameUser => true,
        PeerPolicy.Anyone => false,
        _ => throw new ArgumentOutOfRangeException(nameof(policy)),
    };

    private static unsafe PeerCredentials CredentialsOf(SafeFileHandle handle)
    {
        LibC.ucred credentials;
        uint length = (uint)sizeof(LibC.ucred);
        LibC.Check(LibC.getsockopt(handle, LibC.SOL_SOCKET, LibC.SO_PEERCRED, &credentials, &length));
        // Without a connection the kernel says pid 0 and user -1 instead of failing.
        return credentials.uid != uint.MaxValue
            ? new PeerCredentials(credentials.pid, credentials.uid, credentials.gid)
            : throw PosixException.From(Errno.ENOTCONN, "getsockopt", "SO_PEERCRED", "Only a connected socket has a peer.");
    }
}
