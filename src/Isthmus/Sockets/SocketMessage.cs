using System.Net.Sockets;
using System.Runtime.InteropServices;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// sendmsg(2) and recvmsg(2) with ancillary data (<c>cmsg(3)</c>). Nothing that a peer sends can leave a descriptor
/// open that nobody holds: whatever arrives is in a SafeHandle before anything is judged.
/// </summary>
internal static unsafe class SocketMessage
{
    // Room for more than we accept, so that a message with too much is seen as such.
    private const int ControlBytes = 256;

    private static readonly int s_header = sizeof(LibC.cmsghdr);

    public static PollOutcome Send(
        SafeHandle socket, ReadOnlySpan<byte> data, UnixSendOptions options, bool noWait, out int sent)
    {
        byte* control = stackalloc byte[ControlBytes];
        LibC.msghdr message = new() { msg_control = control };
        LibC.sockaddr_un address;
        if (options.Destination is not null)
        {
            message.msg_namelen = options.Destination.WriteTo(out address);
            message.msg_name = &address;
        }
        int referenced = 0;
        try
        {
            int* fds = stackalloc int[UnixSendOptions.HandlesMax];
            for (; referenced < options.Handles.Count; referenced++)
            {
                bool added = false;
                options.Handles[referenced].DangerousAddRef(ref added);
                fds[referenced] = (int)options.Handles[referenced].DangerousGetHandle();
            }
            message.msg_controllen = (nuint)WriteControl(control, new ReadOnlySpan<int>(fds, referenced), options.Credentials);
            return Send(socket, data, &message, options, noWait, out sent);
        }
        finally
        {
            while (referenced > 0)
            {
                options.Handles[--referenced].DangerousRelease();
            }
        }
    }

    public static PollOutcome Receive(
        SafeHandle socket, Span<byte> buffer, SocketType type, bool noWait, out ReceivedMessage result)
    {
        byte* control = stackalloc byte[ControlBytes];
        LibC.sockaddr_un address = default;
        LibC.msghdr message = new() { msg_control = control, msg_controllen = ControlBytes };
        if (type == SocketType.Dgram)
        {
            message.msg_name = &address;
            message.msg_namelen = (uint)sizeof(LibC.sockaddr_un);
        }
        // For messages MSG_TRUNC makes the result the true length.
        int flags = LibC.MSG_CMSG_CLOEXEC | SocketCall.DontWait(noWait) | (type == SocketType.Stream ? 0 : LibC.MSG_TRUNC);
        result = default;
        fixed (byte* bytes = buffer)
        {
            LibC.iovec vector = new() { iov_base = bytes, iov_len = (nuint)buffer.Length };
            message.msg_iov = &vector;
            message.msg_iovlen = 1;
            nint length = LibC.recvmsg(socket, &message, flags);
            if (length < 0)
            {
                return SocketCall.Failed("recvmsg");
            }
            SafeFileHandle[]? handles = ReadControl(control, (int)message.msg_controllen, out PeerCredentials? credentials);
            RefuseTooMany(handles, (message.msg_flags & LibC.MSG_CTRUNC) != 0);
            UnixAddress? sender = message.msg_name is null ? null : UnixAddress.Read(address, message.msg_namelen);
            result = new ReceivedMessage((int)Math.Min(length, buffer.Length), (int)length, handles, credentials, sender);
            return PollOutcome.Done;
        }
    }

    private static PollOutcome Send(
        SafeHandle socket, ReadOnlySpan<byte> data, LibC.msghdr* message, UnixSendOptions options, bool noWait, out int sent)
    {
        fixed (byte* bytes = data)
        {
            LibC.iovec vector = new() { iov_base = bytes, iov_len = (nuint)data.Length };
            message->msg_iov = &vector;
            message->msg_iovlen = 1;
            nint result = LibC.sendmsg(socket, message, LibC.MSG_NOSIGNAL | SocketCall.DontWait(noWait));
            sent = (int)result;
            return result >= 0 ? PollOutcome.Done : SocketCall.Failed("sendmsg", options.Destination?.ToString());
        }
    }

    private static int WriteControl(byte* control, ReadOnlySpan<int> fds, PeerCredentials? credentials)
    {
        int length = 0;
        if (!fds.IsEmpty)
        {
            fds.CopyTo(new Span<int>(Append(LibC.SCM_RIGHTS, fds.Length * sizeof(int)), fds.Length));
        }
        if (credentials is { } stated)
        {
            *(LibC.ucred*)Append(LibC.SCM_CREDENTIALS, sizeof(LibC.ucred)) =
                new LibC.ucred { pid = stated.ProcessId, uid = stated.UserId, gid = stated.GroupId };
        }
        return length;

        void* Append(int type, int size)
        {
            LibC.cmsghdr* header = (LibC.cmsghdr*)(control + length);
            header->cmsg_len = (nuint)(s_header + size);
            header->cmsg_level = LibC.SOL_SOCKET;
            header->cmsg_type = type;
            length += s_header + Aligned(size);
            return header + 1;
        }
    }

    private static SafeFileHandle[]? ReadControl(byte* control, int length, out PeerCredentials? credentials)
    {
        SafeFileHandle[]? handles = null;
        credentials = null;
        for (int at = 0; at + s_header <= length;)
        {
            LibC.cmsghdr* header = (LibC.cmsghdr*)(control + at);
            int size = (int)header->cmsg_len - s_header;
            switch (header->cmsg_type)
            {
                case LibC.SCM_RIGHTS:
                    handles = [.. handles ?? [], .. Own((int*)(header + 1), size / sizeof(int))];
                    break;
                case LibC.SCM_CREDENTIALS:
                    LibC.ucred* sender = (LibC.ucred*)(header + 1);
                    credentials = new PeerCredentials(sender->pid, sender->uid, sender->gid);
                    break;
                case LibC.SCM_PIDFD: // Somebody set SO_PASSPIDFD; it is a descriptor too.
                    Own((int*)(header + 1), 1)[0].Dispose();
                    break;
            }
            at += s_header + Aligned(size);
        }
        return handles;
    }

    private static SafeFileHandle[] Own(int* fds, int count)
    {
        SafeFileHandle[] handles = new SafeFileHandle[count];
        for (int i = 0; i < count; i++)
        {
            handles[i] = new SafeFileHandle(fds[i], ownsHandle: true);
        }
        return handles;
    }

    private static void RefuseTooMany(SafeFileHandle[]? handles, bool truncated)
    {
        int count = handles?.Length ?? 0;
        if (!truncated && count <= UnixSendOptions.HandlesMax)
        {
            return;
        }
        Array.ForEach(handles ?? [], handle => handle.Dispose());
        throw count > UnixSendOptions.HandlesMax
            ? PosixException.From(Errno.EMSGSIZE, "recvmsg", hint: "More than 16 descriptors came; all are closed. Drop this peer.")
            : PosixException.From(Errno.EMFILE, "recvmsg", hint: "Not all descriptors fitted; all are closed. Raise RLIMIT_NOFILE.");
    }

    private static int Aligned(int size) => (size + sizeof(nuint) - 1) & ~(sizeof(nuint) - 1);
}
