using System.Net.Sockets;
using System.Text;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Sockets;

/// <summary>The other side is Python, socat or C.</summary>
public sealed class UnixSocketInteropTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private UnixAddress Address => UnixAddress.FromPath(_directory["s"]);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Descriptors_go_to_Python_and_come_from_it()
    {
        const string Script = """
            import os, socket, sys
            s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            s.connect(sys.argv[1])
            data, fds, flags, _ = socket.recv_fds(s, 100, 16)
            for fd in fds: os.write(fd, data)
            r, w = os.pipe()
            os.write(w, b'from python')
            socket.send_fds(s, [b'here'], [r])
            """;
        using UnixListener listener = UnixListener.Create(Address, new() { Type = SocketType.Seqpacket });
        Task<(string Output, int ExitCode)> python = Run("python3", "-c", Script, Address.Path!);
        using UnixSocket socket = await listener.AcceptAsync().OrHang();
        using (FileStream one = File.Create(_directory["one"]))
        using (FileStream two = File.Create(_directory["two"]))
        {
            socket.SendMessage("written by python"u8, new() { Handles = [one.SafeFileHandle, two.SafeFileHandle] });
        }
        byte[] buffer = new byte[64];
        using ReceivedMessage message = await socket.ReceiveMessageAsync(buffer).OrHang();
        Assert.Equal("here"u8, buffer.AsSpan(0, message.Length));
        using (FileStream pipe = new(message.TakeHandles(1)[0], FileAccess.Read))
        {
            Assert.Equal("from python"u8, buffer.AsSpan(0, pipe.Read(buffer)));
        }
        Assert.Equal(("", 0), await python.OrHang());
        Assert.Equal("written by python", File.ReadAllText(_directory["one"]));
        Assert.Equal("written by python", File.ReadAllText(_directory["two"]));
    }

    [Fact]
    public async Task A_flood_of_descriptors_leaves_none_open()
    {
        const int Messages = 300;
        const string Script = """
            import os, socket, sys
            s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            s.connect(sys.argv[1])
            fd, witness = os.pipe()
            for i in range(int(sys.argv[2])): socket.send_fds(s, [b'x'], [witness] * 253)
            os.close(witness)
            socket.send_fds(s, [b'y'], [fd])
            """;
        using UnixListener listener = UnixListener.Create(Address, new() { Type = SocketType.Seqpacket });
        Task<(string Output, int ExitCode)> python = Run("python3", "-c", Script, Address.Path!, $"{Messages}");
        using UnixSocket socket = await listener.AcceptAsync().OrHang();
        for (int i = 0; i < Messages; i++)
        {
            PosixException error = await Assert.ThrowsAsync<PosixException>(() => socket.ReceiveMessageAsync(new byte[8]).OrHang());
            Assert.Equal(Errno.EMSGSIZE, error.Errno);
        }
        using ReceivedMessage message = await socket.ReceiveMessageAsync(new byte[8]).OrHang();
        Assert.Equal(("", 0), await python.OrHang());
        // The pipe's end of file says that not one writing end is open any more, here or under way.
        using FileStream reader = new(message.TakeHandles(1)[0], FileAccess.Read);
        Assert.Equal(-1, reader.ReadByte());
    }

    [Fact]
    public async Task Socat_echoes_a_stream()
    {
        using UnixListener listener = UnixListener.Create(Address);
        Task<(string Output, int ExitCode)> socat = Run("socat", "UNIX-CONNECT:" + Address.Path, "EXEC:cat");
        using UnixSocket socket = await listener.AcceptAsync().OrHang();
        byte[] data = new byte[200_000];
        Random.Shared.NextBytes(data);
        await using Stream stream = socket.AsStream();
        Task write = Task.Run(async () =>
        {
            await stream.WriteAsync(data);
            socket.Shutdown(SocketShutdown.Send);
        });
        MemoryStream echo = new();
        await stream.CopyToAsync(echo).OrHang();
        await write.OrHang();
        Assert.True(data.AsSpan().SequenceEqual(echo.ToArray()));
        Assert.Equal(0, (await socat.OrHang()).ExitCode);
    }

    [Fact]
    public async Task C_passes_a_descriptor_and_its_credentials()
    {
        string program = Compile("""
            #define _GNU_SOURCE
            #include <sys/socket.h>
            #include <sys/un.h>
            #include <string.h>
            #include <unistd.h>
            #include <stdio.h>
            int main(int argc, char **argv) {
                struct sockaddr_un name = { .sun_family = AF_UNIX };
                strcpy(name.sun_path, argv[1]);
                int s = socket(AF_UNIX, SOCK_STREAM, 0);
                if (connect(s, (void *)&name, sizeof name)) return 1;
                int ends[2];
                if (pipe(ends) || write(ends[1], "from C", 6) != 6) return 2;
                char control[CMSG_SPACE(sizeof(struct ucred)) + CMSG_SPACE(sizeof(int))] = { 0 };
                struct iovec data = { "x", 1 };
                struct msghdr m = { .msg_iov = &data, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control };
                struct cmsghdr *c = CMSG_FIRSTHDR(&m);
                c->cmsg_level = SOL_SOCKET; c->cmsg_type = SCM_CREDENTIALS; c->cmsg_len = CMSG_LEN(sizeof(struct ucred));
                struct ucred me = { getpid(), getuid(), getgid() };
                memcpy(CMSG_DATA(c), &me, sizeof me);
                c = CMSG_NXTHDR(&m, c);
                c->cmsg_level = SOL_SOCKET; c->cmsg_type = SCM_RIGHTS; c->cmsg_len = CMSG_LEN(sizeof(int));
                memcpy(CMSG_DATA(c), ends, sizeof(int));
                char answer[64];
                if (read(s, answer, 1) != 1 || sendmsg(s, &m, 0) != 1) return 3;
                printf("%d", getpid());
                return 0;
            }
            """);
        using UnixListener listener = UnixListener.Create(Address);
        Task<(string Output, int ExitCode)> peer = Run(program, Address.Path!);
        using UnixSocket socket = await listener.AcceptAsync().OrHang();
        socket.ReceivesCredentials = true;
        socket.Send("go"u8);
        using ReceivedMessage message = await socket.ReceiveMessageAsync(new byte[8]).OrHang();
        (string pid, int exitCode) = await peer.OrHang();
        Assert.Equal(0, exitCode);
        Assert.Equal(pid, $"{message.Credentials!.Value.ProcessId}");
        using FileStream pipe = new(Assert.Single(message.Handles), FileAccess.Read);
        byte[] buffer = new byte[16];
        Assert.Equal("from C", Encoding.ASCII.GetString(buffer, 0, pipe.Read(buffer)));
    }

    private static Task<(string Output, int ExitCode)> Run(string program, params string[] args)
    {
        // Asked here: a missing program skips the test, not a task of it.
        string path = Peer.Require(program);
        return Task.Run(() => Peer.Run(path, args));
    }

    private string Compile(string source)
    {
        string program = _directory["peer"];
        Assert.Equal(("", 0), Peer.Run("gcc", ["-Wall", "-Werror", "-x", "c", "-", "-o", program], source));
        return program;
    }
}
