using System.Net.Sockets;
using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Sockets;

public sealed class UnixListenerTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryDirectory _directory = new();

    private UnixAddress Address => UnixAddress.FromPath(_directory["s"]);

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(SocketType.Stream)]
    [InlineData(SocketType.Seqpacket)]
    public void Each_who_connects_gets_a_connection_of_its_own(SocketType type)
    {
        using UnixListener listener = UnixListener.Create(Address, new() { Type = type });
        using UnixSocket first = UnixSocket.Connect(Address, new() { Type = type });
        using UnixSocket second = UnixSocket.Connect(Address, new() { Type = type });
        using UnixSocket forFirst = listener.Accept();
        using UnixSocket forSecond = listener.Accept();
        first.Send("1"u8);
        forSecond.Send("2"u8);
        byte[] buffer = new byte[8];
        Assert.Equal(1, forFirst.Receive(buffer));
        Assert.Equal((byte)'1', buffer[0]);
        Assert.Equal(1, second.Receive(buffer));
        Assert.Equal((byte)'2', buffer[0]);
        Assert.Equal(type, forFirst.Type);
    }

    [Fact]
    public async Task AcceptAsync_waits_for_who_comes_later()
    {
        using UnixListener listener = UnixListener.Create(Address);
        ValueTask<UnixSocket> accept = listener.AcceptAsync();
        Assert.False(accept.IsCompleted);
        using UnixSocket client = await UnixSocket.ConnectAsync(Address);
        using UnixSocket server = await accept.OrHang();
        await client.SendAsync("x"u8.ToArray());
        Assert.Equal(1, await server.ReceiveAsync(new byte[1]).OrHang());
    }

    [Fact]
    public async Task A_cancelled_accept_leaves_the_connection_to_the_next()
    {
        using UnixListener listener = UnixListener.Create(Address);
        using CancellationTokenSource cancel = new();
        ValueTask<UnixSocket> accept = listener.AcceptAsync(cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accept.OrHang());
        using UnixSocket client = UnixSocket.Connect(Address);
        Assert.True(listener.TryAccept(TimeSpan.Zero, out UnixSocket? server));
        server.Dispose();
    }

    [Fact]
    public async Task Dispose_ends_a_waiting_accept()
    {
        UnixListener listener = UnixListener.Create(Address);
        Task<UnixSocket> accept = listener.AcceptAsync().AsTask();
        listener.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => accept.OrHang());
        Assert.Throws<ObjectDisposedException>(listener.Accept);
    }

    [Fact]
    public void Dispose_resets_who_was_not_accepted_and_spares_who_was()
    {
        UnixListener listener = UnixListener.Create(Address);
        using UnixSocket client = UnixSocket.Connect(Address);
        using UnixSocket accepted = listener.Accept();
        using UnixSocket waiting = UnixSocket.Connect(Address);
        listener.Dispose();
        Assert.Equal(Errno.ECONNRESET, Assert.Throws<PosixException>(() => waiting.Receive(new byte[1])).Errno);
        client.Send("x"u8);
        Assert.Equal(1, accepted.Receive(new byte[1]));
    }

    [Fact]
    public void TryAccept_is_false_when_nobody_comes()
    {
        using UnixListener listener = UnixListener.Create(Address);
        Assert.False(listener.TryAccept(TimeSpan.FromMilliseconds(20), out UnixSocket? none));
        Assert.Null(none);
    }

    [Fact]
    public async Task A_full_backlog_makes_TryConnect_false_and_ConnectAsync_wait()
    {
        using UnixListener listener = UnixListener.Create(Address, new() { Backlog = 1 });
        List<UnixSocket> clients = [];
        while (UnixSocket.TryConnect(Address, TimeSpan.Zero, out UnixSocket? next))
        {
            clients.Add(next);
        }
        Assert.Equal(2, clients.Count);
        Assert.False(UnixSocket.TryConnect(Address, TimeSpan.FromMilliseconds(20), out _));
        using CancellationTokenSource cancel = new();
        Task<UnixSocket> cancelled = UnixSocket.ConnectAsync(Address, null, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.OrHang());

        Task<UnixSocket> connect = UnixSocket.ConnectAsync(Address);
        Task<UnixSocket> block = Task.Run(() => UnixSocket.Connect(Address));
        for (int i = 0; i < 4; i++)
        {
            clients.Add(await listener.AcceptAsync().OrHang());
        }
        clients.AddRange(await connect.OrHang(), await block.OrHang());
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public void Create_when_the_name_exists_throws_EADDRINUSE()
    {
        using UnixListener listener = UnixListener.Create(Address);
        Assert.Equal(Errno.EADDRINUSE, Assert.Throws<PosixException>(() => UnixListener.Create(Address)).Errno);
        File.WriteAllText(_directory["file"], "");
        UnixAddress file = UnixAddress.FromPath(_directory["file"]);
        Assert.Equal(Errno.EADDRINUSE, Assert.Throws<PosixException>(() => UnixListener.Create(file)).Errno);
        Assert.Throws<FileNotFoundException>(() => UnixListener.Create(UnixAddress.FromPath(_directory["none/s"])));
    }

    [Fact]
    public void Connect_says_what_is_wrong()
    {
        Assert.Throws<FileNotFoundException>(() => UnixSocket.Connect(Address));
        UnixListener listener = UnixListener.Create(Address);
        Assert.Equal(Errno.EPROTOTYPE, Assert.Throws<PosixException>(
            () => UnixSocket.Connect(Address, new() { Type = SocketType.Seqpacket })).Errno);
        listener.Dispose();
        DeadSocket.Await(Address);
        Assert.Equal(Errno.ECONNREFUSED, Assert.Throws<PosixException>(() => UnixSocket.Connect(Address)).Errno);
        Assert.Equal(Errno.ECONNREFUSED, Assert.Throws<PosixException>(() => UnixSocket.Connect(UnixAddress.Parse("@isthmus-none"))).Errno);
    }

    [Fact]
    public void A_symbolic_link_is_followed_on_demand_only()
    {
        using UnixListener listener = UnixListener.Create(Address);
        UnixAddress link = UnixAddress.FromPath(_directory["link"]);
        File.CreateSymbolicLink(link.Path!, Address.Path!);
        Assert.Equal(Errno.ELOOP, Assert.Throws<PosixException>(() => UnixSocket.Connect(link)).Errno);
        UnixSocket.Connect(link, new() { FollowSymbolicLink = true }).Dispose();
        Assert.Equal(Errno.EADDRINUSE, Assert.Throws<PosixException>(() => UnixListener.Create(link)).Errno);
        Assert.Equal(Errno.ELOOP, Assert.Throws<PosixException>(
            () => UnixListener.Create(link, new() { TakeOverStaleName = true })).Errno);
    }

    [Theory]
    [InlineData(OwnerOnly)]
    [InlineData(OwnerOnly | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)]
    [InlineData(OwnerOnly | UnixFileMode.UserExecute | UnixFileMode.OtherRead)]
    public void The_file_has_the_mode_that_was_asked_for_whatever_the_umask(UnixFileMode mode)
    {
        using UnixListener listener = UnixListener.Create(Address, new() { Mode = mode });
        Assert.Equal(mode, File.GetUnixFileMode(Address.Path!));
    }

    [Fact]
    public void A_directory_that_others_may_change_is_refused()
    {
        const UnixFileMode Everybody = (UnixFileMode)0x1FF;
        File.SetUnixFileMode(_directory.Root, Everybody);
        UnauthorizedAccessException error = Assert.Throws<UnauthorizedAccessException>(() => UnixListener.Create(Address));
        Assert.Contains("AllowUntrustedDirectory", error.Message, StringComparison.Ordinal);
        UnixListener.Create(Address, new() { AllowUntrustedDirectory = true }).Dispose();
        Address.Unlink();
        File.SetUnixFileMode(_directory.Root, Everybody | UnixFileMode.StickyBit);
        UnixListener.Create(Address).Dispose();
    }

    [Fact]
    public void Unlink_removes_its_own_name_only()
    {
        using UnixListener first = UnixListener.Create(Address);
        Address.Unlink();
        Assert.False(first.Unlink());
        using UnixListener second = UnixListener.Create(Address);
        Assert.False(first.Unlink());
        Assert.True(File.Exists(Address.Path));
        Assert.True(second.Unlink());
        Assert.False(File.Exists(Address.Path));
        using UnixListener nameless = UnixListener.Create(UnixAddress.Unnamed);
        Assert.True(nameless.Address.IsAbstract);
        Assert.Throws<InvalidOperationException>(() => nameless.Unlink());
    }

    [Fact]
    public void A_descriptor_that_listens_already_is_taken_over()
    {
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Address.Path!));
        Assert.Throws<ArgumentException>(() => Take(socket));
        socket.Listen();
        using UnixListener listener = Take(socket);
        using UnixSocket client = UnixSocket.Connect(Address);
        listener.Accept().Dispose();

        static UnixListener Take(Socket socket) => UnixListener.FromHandle(new SafeFileHandle(socket.Handle, ownsHandle: false));
    }

    [Fact]
    public void Options_are_checked_where_they_are_set()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new UnixListenerOptions { Type = SocketType.Dgram });
        Assert.Throws<ArgumentOutOfRangeException>(() => new UnixListenerOptions { Backlog = 0 });
        Assert.Throws<ArgumentException>(() => UnixSocket.Connect(Address, new() { Type = SocketType.Dgram, Peer = PeerPolicy.SameUser }));
    }
}
