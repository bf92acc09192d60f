using System.Diagnostics;
using System.Net.Sockets;
using Isthmus.Native;
using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Sockets;

/// <summary>Who is at the other end: other processes, other users, other namespaces, dead ones.</summary>
public sealed class UnixSocketPeerTests : IDisposable
{
    private const string AsNobody = "import os,socket,sys\nos.setgroups([]); os.setgid(65534); os.setuid(65534)\n";

    private readonly TemporaryDirectory _directory = new();

    private UnixAddress Address => UnixAddress.FromPath(_directory["s"]);

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(SocketType.Stream)]
    [InlineData(SocketType.Dgram)]
    [InlineData(SocketType.Seqpacket)]
    public void A_pair_knows_who_made_it(SocketType type)
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair(type);
        using (first)
        using (second)
        {
            Assert.Equal(new PeerCredentials(Environment.ProcessId, LibC.geteuid(), LibC.getegid()), first.PeerCredentials);
        }
    }

    [Fact]
    public void Without_a_connection_there_is_no_peer()
    {
        using UnixSocket socket = UnixSocket.Bind(UnixAddress.Unnamed);
        Assert.Equal(Errno.ENOTCONN, Assert.Throws<PosixException>(() => socket.PeerCredentials).Errno);
        Assert.Equal(Errno.ENOTCONN, Assert.Throws<PosixException>(() => socket.PeerAddress).Errno);
    }

    [Fact]
    public async Task The_pidfd_of_the_peer_tells_when_it_dies_and_its_unread_data_resets_the_connection()
    {
        using UnixListener listener = UnixListener.Create(Address);
        using Child child = Child.Start(ConnectAndWait, Address.Path!);
        using UnixSocket socket = await listener.AcceptAsync().OrHang();
        Assert.Equal(child.Id, socket.PeerCredentials.ProcessId);
        socket.Send("never read"u8);
        using ProcessHandle peer = ProcessHandle.FromHandle(OpenPidfd(socket));
        Assert.Equal(child.Id, peer.Id);
        Task end = peer.WaitAsync().AsTask();
        Assert.False(end.IsCompleted);

        child.Kill();

        await end.OrHang();
        Assert.Equal(Errno.ECONNRESET, Assert.Throws<PosixException>(() => socket.Receive(new byte[1])).Errno);
    }

    [Fact]
    public async Task A_peer_that_executes_another_program_is_told_as_the_process_it_was_and_is()
    {
        const string ConnectAndExec = """
            import os, socket, sys
            s = socket.socket(socket.AF_UNIX)
            s.connect(sys.argv[1])
            os.dup2(s.fileno(), 0)
            os.execv('/bin/cat', ['cat'])
            """;
        using UnixListener listener = UnixListener.Create(Address);
        using Process peer = Python(ConnectAndExec, Address.Path!);
        using UnixSocket socket = await listener.AcceptAsync().OrHang();
        socket.Send("read by cat\n"u8);
        Assert.Equal("read by cat", await peer.StandardOutput.ReadLineAsync().WaitAsync(Child.Limit));
        Assert.Equal(peer.Id, socket.PeerCredentials.ProcessId);
        socket.Shutdown(SocketShutdown.Send);
        await peer.WaitForExitAsync().OrHang();
    }

    [Fact]
    public async Task A_waiting_receive_ends_when_the_peer_is_killed()
    {
        using UnixListener listener = UnixListener.Create(Address);
        using Child child = Child.Start(ConnectAndWait, Address.Path!);
        using UnixSocket socket = await listener.AcceptAsync().OrHang();
        ValueTask<int> receive = socket.ReceiveAsync(new byte[1]);
        Task<int> blocked = Task.Run(() => socket.Receive(new byte[1]));
        child.Kill();
        Assert.Equal(0, await receive.OrHang());
        Assert.Equal(0, await blocked.OrHang());
    }

    [Fact]
    public void An_abstract_listener_accepts_this_user_only_unless_told_otherwise()
    {
        RequireRoot();
        UnixAddress name = UnixAddress.Parse("@isthmus-test-" + Guid.NewGuid());
        using UnixListener listener = UnixListener.Create(name);
        const string Connect = AsNobody + """
            s = socket.socket(socket.AF_UNIX)
            s.connect('\0' + sys.argv[1][1:])
            print('connected', flush=True)
            print(s.recv(1), flush=True)
            """;
        using (Process stranger = Python(Connect, name.ToString()))
        {
            Assert.Equal("connected", NextLine(stranger));
            // It came before us, and is turned away: the first who is accepted is our own.
            using UnixSocket own = Connected(listener, name, out UnixSocket accepted);
            Assert.Equal(Environment.ProcessId, accepted.PeerCredentials.ProcessId);
            accepted.Dispose();
            Assert.Equal("b''", NextLine(stranger));
        }
    }

    [Fact]
    public void A_stranger_who_squats_an_abstract_name_is_not_connected_to_unless_allowed()
    {
        RequireRoot();
        UnixAddress name = UnixAddress.Parse("@isthmus-test-" + Guid.NewGuid());
        const string Squat = AsNobody + """
            s = socket.socket(socket.AF_UNIX)
            s.bind('\0' + sys.argv[1][1:])
            s.listen()
            print('ready', flush=True)
            sys.stdin.read()
            """;
        using Process stranger = Python(Squat, name.ToString());
        Assert.Equal("ready", NextLine(stranger));
        UnauthorizedAccessException error = Assert.Throws<UnauthorizedAccessException>(() => UnixSocket.Connect(name));
        Assert.Contains("65534", error.Message, StringComparison.Ordinal);
        using UnixSocket socket = UnixSocket.Connect(name, new() { Peer = PeerPolicy.Anyone });
        Assert.Equal(65534u, socket.PeerCredentials.UserId);
        stranger.StandardInput.Close();
        stranger.WaitForExit();
    }

    [Fact]
    public void An_abstract_name_is_not_seen_from_another_network_namespace()
    {
        UnixAddress name = UnixAddress.Parse("@isthmus-test-" + Guid.NewGuid());
        using UnixListener listener = UnixListener.Create(name);
        const string Connect = """
            import socket, sys
            try:
                socket.socket(socket.AF_UNIX).connect('\0' + sys.argv[1][1:])
                print('connected')
            except OSError as e:
                print(e.errno)
            """;
        Assert.Equal(("connected\n", 0), Peer.Run("python3", ["-c", Connect, name.ToString()]));
        (string output, int exitCode) = Peer.Run("unshare", ["-rn", Peer.Require("python3"), "-c", Connect, name.ToString()]);
        Assert.SkipWhen(exitCode != 0, "Namespaces cannot be made here: " + output);
        Assert.Equal("111\n", output);
    }

    [Fact]
    public void The_socket_file_never_has_a_wider_mode_not_for_a_moment()
    {
        RequireRoot();
        File.SetUnixFileMode(_directory.Root, (UnixFileMode)0x1ED);
        const string Knock = AsNobody + """
            hits = refused = 0
            print('ready', flush=True)
            while not os.path.exists(sys.argv[2]):
                try: socket.socket(socket.AF_UNIX).connect(sys.argv[1]); hits += 1
                except PermissionError: refused += 1
                except FileNotFoundError: continue
                except OSError: hits += 1
                if hits + refused == 1: print('found', flush=True)
            print(hits, refused > 0)
            """;
        using Process stranger = Python(Knock, Address.Path!, _directory["stop"]);
        Assert.Equal("ready", NextLine(stranger));
        using Child child = Child.Start(CreateAndUnlinkWithoutUmask, Address.Path!, "2000", _directory["found"]);
        // On a busy machine the stranger may not run at all while thousands of files come and go.
        Assert.Equal("found", NextLine(stranger));
        File.WriteAllText(_directory["found"], "");
        Assert.Equal("done", child.ReadLine());
        File.WriteAllText(_directory["stop"], "");
        Assert.Equal("0 True", NextLine(stranger));
        stranger.WaitForExit();
    }

    private static void ConnectAndWait(string[] args)
    {
        using UnixSocket socket = UnixSocket.Connect(UnixAddress.FromPath(args[0]));
        Thread.Sleep(Timeout.Infinite);
    }

    private static void CreateAndUnlinkWithoutUmask(string[] args)
    {
        _ = LibC.umask(0);
        UnixAddress address = UnixAddress.FromPath(args[0]);
        for (int i = int.Parse(args[1]); i > 0 || !File.Exists(args[2]); i--)
        {
            using UnixListener listener = UnixListener.Create(address);
            listener.Unlink();
        }
        Console.WriteLine("done");
    }

    private static SafeFileHandle OpenPidfd(UnixSocket socket)
    {
        try
        {
            return socket.OpenPeerPidfd();
        }
        catch (PosixException error) when (error.Errno == Errno.ENOPROTOOPT)
        {
            Assert.Skip("SO_PEERPIDFD needs Linux 6.5.");
            throw;
        }
    }

    private static UnixSocket Connected(UnixListener listener, UnixAddress name, out UnixSocket accepted)
    {
        UnixSocket own = UnixSocket.Connect(name);
        accepted = listener.Accept();
        return own;
    }

    private static void RequireRoot() =>
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can become another user for this test.");

    private static string? NextLine(Process process) => process.StandardOutput.ReadLineAsync().OrHang().GetAwaiter().GetResult();

    private static Process Python(string script, params string[] args) => Process.Start(
        new ProcessStartInfo(Peer.Require("python3"), ["-c", script, .. args]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
}
