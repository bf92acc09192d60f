using System.Net.Sockets;
using Isthmus.Native;
using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Sockets;

/// <summary>A dead socket's name is taken over; a living one's never is, whoever tries and when.</summary>
public sealed class TakeOverTests : IDisposable
{
    private static readonly UnixListenerOptions s_takeOver = new() { TakeOverStaleName = true };

    private readonly TemporaryDirectory _directory = new();

    private UnixAddress Address => UnixAddress.FromPath(_directory["s"]);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_name_of_a_killed_listener_is_taken_over()
    {
        using (Child child = Child.Start(ListenUntilKilled, Address.Path!))
        {
            Assert.Equal("listening", child.ReadLine());
            Assert.Equal(Errno.EADDRINUSE, TakeOverError());
            child.Kill();
        }
        Assert.Equal(Errno.ECONNREFUSED, Assert.Throws<PosixException>(() => UnixSocket.Connect(Address)).Errno);
        Assert.Equal(Errno.EADDRINUSE, Assert.Throws<PosixException>(() => UnixListener.Create(Address)).Errno);

        using UnixListener listener = UnixListener.Create(Address, s_takeOver);

        using UnixSocket client = UnixSocket.Connect(Address);
        listener.Accept().Dispose();
        Assert.Equal(Address, listener.Address);
        Assert.Equal(["s"], Names());
    }

    [Fact]
    public void A_name_that_does_not_exist_is_just_created() => UnixListener.Create(Address, s_takeOver).Dispose();

    [Fact]
    public void A_socket_that_is_bound_and_does_not_listen_yet_is_alive()
    {
        using Socket slow = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        slow.Bind(new UnixDomainSocketEndPoint(Address.Path!));
        Assert.Equal(Errno.EADDRINUSE, TakeOverError());
    }

    [Theory]
    [InlineData(SocketType.Stream)]
    [InlineData(SocketType.Seqpacket)]
    public void A_socket_of_another_type_is_alive_too(SocketType type)
    {
        using UnixListener listener = UnixListener.Create(Address, new() { Type = type });
        Assert.Equal(Errno.EADDRINUSE, Assert.Throws<PosixException>(
            () => UnixSocket.Bind(Address, new() { TakeOverStaleName = true })).Errno);
        Assert.False(listener.TryAccept(TimeSpan.Zero, out _));
    }

    [Fact]
    public void A_file_that_is_no_socket_is_not_taken_over()
    {
        File.WriteAllText(Address.Path!, "precious");
        Assert.Equal(Errno.ENOTSOCK, TakeOverError());
        Assert.Equal("precious", File.ReadAllText(Address.Path!));
    }

    [Fact]
    public void A_live_socket_put_in_place_after_the_proof_is_moved_back()
    {
        UnixListener.Create(Address).Dispose();
        using SafeFileHandle directory = LibC.Check(LibC.open(_directory.Root, LibC.O_PATH | LibC.O_DIRECTORY | LibC.O_CLOEXEC));
        using SafeFileHandle dead = OpenDead(directory);
        Address.Unlink();
        using UnixListener intruder = UnixListener.Create(Address);

        Assert.False(SocketFile.TryRemoveDead(directory, "s", dead, Address.Path!));

        using UnixSocket client = UnixSocket.Connect(Address);
        intruder.Accept().Dispose();
        Assert.Equal(["s"], Names());
    }

    [Fact]
    public void A_file_put_in_place_after_the_proof_is_moved_back()
    {
        UnixListener.Create(Address).Dispose();
        using SafeFileHandle directory = LibC.Check(LibC.open(_directory.Root, LibC.O_PATH | LibC.O_DIRECTORY | LibC.O_CLOEXEC));
        using SafeFileHandle dead = OpenDead(directory);
        Address.Unlink();
        File.WriteAllText(Address.Path!, "precious");
        Assert.False(SocketFile.TryRemoveDead(directory, "s", dead, Address.Path!));
        Assert.Equal(["s"], Names());
        Assert.Equal("precious", File.ReadAllText(Address.Path!));
    }

    [Fact]
    public void TryUnlinkDead_removes_the_dead_and_leaves_the_living()
    {
        using (UnixListener listener = UnixListener.Create(Address))
        {
            Assert.False(Address.TryUnlinkDead());
            UnixSocket.Connect(Address).Dispose();
        }
        // A child that another test starts just now keeps it alive until its exec.
        Assert.True(SpinWait.SpinUntil(Address.TryUnlinkDead, Child.Limit));
        Assert.Empty(Names());
        Assert.Throws<FileNotFoundException>(() => Address.TryUnlinkDead());
        File.WriteAllText(Address.Path!, "precious");
        Assert.Equal(Errno.ENOTSOCK, Assert.Throws<PosixException>(() => Address.TryUnlinkDead()).Errno);
        Assert.Throws<InvalidOperationException>(() => UnixAddress.FromAbstract([1]).TryUnlinkDead());
    }

    [Fact]
    public async Task TryUnlinkDead_waits_for_who_takes_the_name_over_and_leaves_it_to_him()
    {
        DeadSocket.Create(Address);
        using SafeFileHandle locked = LibC.Check(LibC.open(_directory.Root, LibC.O_RDONLY | LibC.O_DIRECTORY | LibC.O_CLOEXEC));
        LibC.Check(LibC.flock_on(locked, LibC.LOCK_EX));
        using Child child = Child.Start(UnlinkDead, Address.Path!);
        await Eventually.IsTrue(() => Holds(child.Id, _directory.Root));
        Address.Unlink();
        using UnixListener listener = UnixListener.Create(Address);
        locked.Dispose();
        Assert.Equal("False", child.ReadLine());
        UnixSocket.Connect(Address).Dispose();
    }

    [Fact]
    public void Of_many_who_take_over_at_once_exactly_one_wins()
    {
        const int Rounds = 40;
        Child[] children = [.. Enumerable.Range(0, 4).Select(_ => Child.Start(TakeOverOnCommand, Address.Path!))];
        DeadSocket.Create(Address);
        for (int round = 0; round < Rounds; round++)
        {
            Array.ForEach(children, child => child.WriteLine("take"));
            string[] results = [.. children.Select(child => child.ReadLine())];
            int winner = children[Array.IndexOf(results, "won")].Id;
            Assert.Equal(["EADDRINUSE", "EADDRINUSE", "EADDRINUSE", "won"], results.Order(StringComparer.Ordinal));
            using (UnixSocket client = UnixSocket.Connect(Address))
            {
                Assert.Equal(winner, client.PeerCredentials.ProcessId);
            }
            Array.ForEach(children, child => child.WriteLine("close"));
            Assert.All(children, child => Assert.Equal("closed", child.ReadLine()));
        }
        Array.ForEach(children, child => child.Dispose());
        Assert.Equal(["s"], Names());
    }

    private static void ListenUntilKilled(string[] args)
    {
        using UnixListener listener = UnixListener.Create(UnixAddress.FromPath(args[0]));
        Console.WriteLine("listening");
        Thread.Sleep(Timeout.Infinite);
    }

    private static void UnlinkDead(string[] args) => Console.WriteLine(UnixAddress.FromPath(args[0]).TryUnlinkDead());

    private static bool Holds(int processId, string path) =>
        new DirectoryInfo($"/proc/{processId}/fd").EnumerateFileSystemInfos().Any(file => file.LinkTarget == path);

    private static void TakeOverOnCommand(string[] args)
    {
        UnixListener? listener = null;
        for (string? command; (command = Console.ReadLine()) is not null;)
        {
            if (command == "take")
            {
                try
                {
                    listener = UnixListener.Create(UnixAddress.FromPath(args[0]), s_takeOver);
                    Console.WriteLine("won");
                }
                catch (PosixException error)
                {
                    Console.WriteLine(error.Errno);
                }
            }
            else
            {
                listener?.Dispose();
                listener = null;
                Console.WriteLine("closed");
            }
        }
    }

    private string[] Names() => [.. Directory.EnumerateFileSystemEntries(_directory.Root).Select(path => Path.GetFileName(path))];

    // A child that another test starts holds a copy of the socket until its exec.
    private static SafeFileHandle OpenDead(SafeFileHandle directory)
    {
        SafeFileHandle? dead = null;
        Assert.True(SpinWait.SpinUntil(() => (dead = SocketFile.TryOpenDead(directory, "s")) is not null, Child.Limit), "It does not die.");
        return dead!;
    }

    private Errno TakeOverError() => Assert.Throws<PosixException>(() => UnixListener.Create(Address, s_takeOver)).Errno;
}
