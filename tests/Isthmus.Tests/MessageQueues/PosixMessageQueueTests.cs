using System.Globalization;
using Isthmus.Native;
using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.MessageQueues;

/// <summary>Names, permissions, limits and life of a queue.</summary>
public sealed class PosixMessageQueueTests : IDisposable
{
    private readonly QueueName _name = new();
    private readonly byte[] _buffer = new byte[SmallQueue.Size];

    public void Dispose() => _name.Dispose();

    [Theory]
    [InlineData("000", "600")]
    [InlineData("777", "640")]
    [InlineData("077", "622")]
    public void Create_gives_the_mode_whatever_the_umask(string umask, string mode)
    {
        using Child child = Child.Start(CreateWithUmask, _name, umask, mode);
        Assert.Equal("created", child.ReadLine());
        using PosixMessageQueue queue = PosixMessageQueue.Open(_name);
        Assert.Equal(mode, Convert.ToString((int)queue.Stat().Mode, 8));
    }

    [Fact]
    public void Create_without_options_is_for_the_owner_only_and_has_the_systems_size()
    {
        using PosixMessageQueue queue = PosixMessageQueue.Create(_name);
        PosixMessageQueueLimits limits = PosixMessageQueueLimits.Read();
        PosixMessageQueueStatus status = queue.Stat();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, status.Mode);
        Assert.Equal((limits.DefaultMessages, limits.DefaultMessageSize), (queue.MaxMessages, queue.MaxMessageSize));
        Assert.Equal((limits.DefaultMessages, limits.DefaultMessageSize), (status.MaxMessages, status.MaxMessageSize));
    }

    [Fact]
    public void Each_half_of_the_size_may_be_left_to_the_system()
    {
        using (PosixMessageQueue queue = PosixMessageQueue.Create(_name, new() { MaxMessages = 3 }))
        {
            Assert.Equal((3, PosixMessageQueueLimits.Read().DefaultMessageSize), (queue.MaxMessages, queue.MaxMessageSize));
        }
        PosixMessageQueue.Unlink(_name);
        using (PosixMessageQueue queue = PosixMessageQueue.Create(_name, new() { MaxMessageSize = 5 }))
        {
            Assert.Equal((PosixMessageQueueLimits.Read().DefaultMessages, 5), (queue.MaxMessages, queue.MaxMessageSize));
        }
    }

    [Fact]
    public void Create_when_name_exists_throws_EEXIST_and_leaves_it_alone()
    {
        using PosixMessageQueue queue = SmallQueue.Create(_name);
        queue.Send("here"u8);
        PosixException error = Assert.Throws<PosixException>(() => PosixMessageQueue.Create(_name));
        Assert.Equal((Errno.EEXIST, _name.Value), (error.Errno, error.ObjectName));
        Assert.Equal(1, queue.MessageCount);
    }

    [Fact]
    public async Task Of_many_who_create_the_same_name_at_once_one_succeeds()
    {
        Task<PosixMessageQueue>[] calls = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(() => SmallQueue.Create(_name)))];
        await Task.WhenAll(calls).OrHang().ContinueWith(_ => { }, TaskScheduler.Default);
        using PosixMessageQueue queue = await Assert.Single(calls, call => call.IsCompletedSuccessfully);
        Assert.All(calls.Where(call => call.IsFaulted), call =>
            Assert.Equal(Errno.EEXIST, Assert.IsType<PosixException>(call.Exception!.InnerException).Errno));
    }

    [Fact]
    public void A_name_may_have_any_letters()
    {
        string name = _name + " größer 😀";
        using PosixMessageQueue queue = PosixMessageQueue.Create(name, SmallQueue.Options);
        queue.Send("x"u8);
        using PosixMessageQueue again = PosixMessageQueue.Open(name);
        PosixMessageQueue.Unlink(name);
        Assert.Equal(1, again.MessageCount);
    }

    [Fact]
    public void Open_and_Unlink_of_a_name_that_is_not_there_throw_ENOENT()
    {
        Assert.Equal(_name.Value, Assert.Throws<FileNotFoundException>(() => PosixMessageQueue.Open(_name)).FileName);
        Assert.Throws<FileNotFoundException>(() => PosixMessageQueue.Unlink(_name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("jobs")]
    [InlineData("/a/b")]
    [InlineData("/..")]
    [InlineData("/a\0b")]
    public void A_name_is_a_slash_and_no_further_one(string name)
    {
        Assert.Throws<ArgumentException>(() => PosixMessageQueue.Create(name));
        Assert.Throws<ArgumentException>(() => PosixMessageQueue.Open(name));
        Assert.Throws<ArgumentException>(() => PosixMessageQueue.OpenOrCreate(name));
        Assert.Throws<ArgumentException>(() => PosixMessageQueue.Unlink(name));
    }

    [Fact]
    public void A_name_has_up_to_255_bytes()
    {
        string longest = _name + new string('x', 256 - _name.Value.Length);
        PosixMessageQueue.Create(longest, SmallQueue.Options).Dispose();
        PosixMessageQueue.Unlink(longest);
        Assert.Throws<PathTooLongException>(() => PosixMessageQueue.Create(longest + "x", SmallQueue.Options));
        Assert.Throws<PathTooLongException>(() => PosixMessageQueue.Unlink(longest + "x"));
    }

    [Fact]
    public void Sizes_modes_and_access_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PosixMessageQueueOptions { MaxMessages = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PosixMessageQueueOptions { MaxMessageSize = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PosixMessageQueueOptions { Mode = UnixFileMode.SetUser });
        Assert.Throws<ArgumentOutOfRangeException>(() => PosixMessageQueue.Create(_name, new() { Access = 0 }));
    }

    [Fact]
    public void OpenOrCreate_makes_it_once_and_leaves_an_existing_one_as_it_is()
    {
        using PosixMessageQueue first = PosixMessageQueue.OpenOrCreate(_name, SmallQueue.Options);
        first.Send("kept"u8, 7);
        using PosixMessageQueue second = PosixMessageQueue.OpenOrCreate(_name, new() { MaxMessages = 1, MaxMessageSize = 9 });
        Assert.Equal((SmallQueue.Messages, SmallQueue.Size), (second.MaxMessages, second.MaxMessageSize));
        Assert.Equal(new PosixMessage(4, 7), second.Receive(_buffer));
    }

    [Fact]
    public async Task OpenOrCreate_of_many_at_once_gives_all_the_same_queue()
    {
        for (int round = 0; round < 50; round++)
        {
            PosixMessageQueue[] queues = await Task.WhenAll(
                Enumerable.Range(0, SmallQueue.Messages).Select(_ => Task.Run(() => PosixMessageQueue.OpenOrCreate(_name, SmallQueue.Options)))).OrHang();
            Array.ForEach(queues, queue => queue.Send("x"u8));
            Assert.Equal(SmallQueue.Messages, queues[0].MessageCount);
            PosixMessageQueue.Unlink(_name);
            Array.ForEach(queues, queue => queue.Dispose());
        }
    }

    [Fact]
    public void Messages_outlive_those_who_have_it_open()
    {
        SendAndDispose();
        using PosixMessageQueue queue = PosixMessageQueue.Open(_name);
        Assert.Equal(new PosixMessage(4, 3), queue.Receive(_buffer));

        void SendAndDispose()
        {
            using PosixMessageQueue queue = SmallQueue.Create(_name);
            queue.Send("left"u8, 3);
        }
    }

    [Fact]
    public void It_survives_the_kill_of_its_creator()
    {
        using Child child = Child.Start(CreateAndSend, _name);
        Assert.Equal("sent", child.ReadLine());
        child.Kill();
        using PosixMessageQueue queue = PosixMessageQueue.Open(_name);
        Assert.Equal(6, queue.Receive(_buffer).Length);
    }

    [Fact]
    public void After_Unlink_the_name_is_free_and_the_old_queue_goes_on()
    {
        using PosixMessageQueue old = SmallQueue.Create(_name);
        PosixMessageQueue.Unlink(_name);
        using PosixMessageQueue next = SmallQueue.Create(_name);
        old.Send("old"u8);
        Assert.False(next.TryReceive(_buffer, out _));
        Assert.Equal(3, old.Receive(_buffer).Length);
    }

    [Fact]
    public void More_than_the_machine_allows_throws_EINVAL_and_names_the_limit()
    {
        string error = Elsewhere.InIpcNamespace("echo 7 > /proc/sys/fs/mqueue/msg_max", CreateTooLarge, _name);
        Assert.Contains("EINVAL", error, StringComparison.Ordinal);
        Assert.Contains("7 (fs.mqueue.msg_max)", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_raised_limit_is_used() => Assert.Equal(
        "300 of 300\n", Elsewhere.InIpcNamespace("echo 300 > /proc/sys/fs/mqueue/msg_max", CreateLarge, _name));

    [Fact]
    public void Too_many_queues_throw_ENOSPC_and_name_the_limit()
    {
        string error = Elsewhere.InIpcNamespace("echo 2 > /proc/sys/fs/mqueue/queues_max", CreateMany, _name);
        Assert.Contains("ENOSPC", error, StringComparison.Ordinal);
        Assert.Contains("2 (fs.mqueue.queues_max)", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Beyond_RLIMIT_MSGQUEUE_it_throws_EMFILE_and_tells_the_number()
    {
        using Child child = Child.Start(CreateBeyondLimit, _name);
        string error = child.ReadLine();
        Assert.Contains("EMFILE", error, StringComparison.Ordinal);
        Assert.Contains("100 bytes (RLIMIT_MSGQUEUE", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_user_may_neither_open_nor_unlink_it()
    {
        using PosixMessageQueue queue = SmallQueue.Create(_name);
        Assert.Equal("EACCES EACCES\n", Elsewhere.AsNobody(OpenAndUnlink, _name));
        Assert.Equal(0, queue.MessageCount);
    }

    [Fact]
    public void A_wider_mode_lets_another_user_send()
    {
        UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite;
        using PosixMessageQueue queue = PosixMessageQueue.Create(_name, SmallQueue.Options with { Mode = mode });
        Assert.Equal("sent\n", Elsewhere.AsNobody(SendToRoot, _name));
        Assert.Equal(11, queue.Receive(_buffer).Length);
    }

    [Fact]
    public void A_queue_that_another_user_put_at_the_name_is_refused_unless_asked_for()
    {
        Assert.Equal("created\n", Elsewhere.AsNobody(CreateWithUmask, _name, "0", "666"));
        UnauthorizedAccessException error = Assert.Throws<UnauthorizedAccessException>(() => PosixMessageQueue.Open(_name));
        Assert.Equal(Errno.EPERM, Assert.IsType<PosixException>(error.InnerException).Errno);
        Assert.Contains("65534", error.Message, StringComparison.Ordinal);
        Assert.Throws<UnauthorizedAccessException>(() => PosixMessageQueue.OpenOrCreate(_name));
        using PosixMessageQueue queue = PosixMessageQueue.Open(_name, new() { AnyOwner = true });
        Assert.Equal(Elsewhere.Nobody, queue.Stat().UserId);
        PosixMessageQueue.OpenOrCreate(_name, new() { AnyOwner = true }).Dispose();
    }

    [Fact]
    public async Task What_it_was_not_opened_for_is_an_error_of_the_caller()
    {
        using PosixMessageQueue both = SmallQueue.Create(_name);
        using PosixMessageQueue reader = PosixMessageQueue.Open(_name, new() { Access = FileAccess.Read });
        using PosixMessageQueue writer = PosixMessageQueue.Open(_name, new() { Access = FileAccess.Write });
        writer.Send("x"u8);
        Assert.Equal(1, reader.Receive(_buffer).Length);
        Assert.Throws<InvalidOperationException>(() => reader.Send("x"u8));
        await Assert.ThrowsAsync<InvalidOperationException>(() => writer.ReceiveAsync(_buffer).AsTask());
        Assert.Null(writer.Stat().Bytes);
        Assert.Equal(0, reader.Stat().Bytes);
    }

    [Fact]
    public void Stat_tells_fill_and_owner()
    {
        using PosixMessageQueue queue = SmallQueue.Create(_name);
        queue.Send("abc"u8);
        queue.Send("de"u8);
        PosixMessageQueueStatus status = queue.Stat();
        Assert.Equal((2, 5L, null), (status.Messages, status.Bytes, status.NotifiedProcessId));
        Assert.Equal((LibC.geteuid(), 2), (status.UserId, queue.MessageCount));
    }

    [Fact]
    public void FromHandle_takes_a_queue_and_nothing_else()
    {
        using PosixMessageQueue queue = SmallQueue.Create(_name);
        queue.Send("x"u8);
        using PosixMessageQueue copy = PosixMessageQueue.FromHandle(
            new SafeFileHandle(LibC.fcntl(queue.Handle, LibC.F_DUPFD_CLOEXEC), ownsHandle: true));
        Assert.Equal(1, copy.Receive(_buffer).Length);

        using EventFd other = EventFd.Create();
        Assert.Equal(Errno.EBADF, Assert.Throws<PosixException>(() => PosixMessageQueue.FromHandle(other.Handle)).Errno);
        Assert.False(other.Handle.IsClosed);
    }

    [Fact]
    public void The_descriptor_is_not_inherited()
    {
        using PosixMessageQueue queue = SmallQueue.Create(_name);
        using PosixMessageQueue opened = PosixMessageQueue.Open(_name);
        Assert.All([queue, opened], each => Assert.Equal(LibC.FD_CLOEXEC, LibC.fcntl(each.Handle, LibC.F_GETFD)));
    }

    [Fact]
    public void After_Dispose_every_call_throws()
    {
        PosixMessageQueue queue = SmallQueue.Create(_name);
        queue.Dispose();
        queue.Dispose();
        Assert.Throws<ObjectDisposedException>(() => queue.Send("x"u8));
        Assert.Throws<ObjectDisposedException>(() => queue.TryReceive(_buffer, out _));
        Assert.Throws<ObjectDisposedException>(() => queue.MessageCount);
        Assert.Throws<ObjectDisposedException>(() => queue.Stat());
    }

    private static void CreateWithUmask(string[] args)
    {
        _ = LibC.umask(Convert.ToUInt32(args[1], 8));
        PosixMessageQueue.Create(args[0], SmallQueue.Options with { Mode = (UnixFileMode)Convert.ToInt32(args[2], 8) }).Dispose();
        Console.WriteLine("created");
    }

    private static void CreateAndSend(string[] args)
    {
        using PosixMessageQueue queue = PosixMessageQueue.Create(args[0], SmallQueue.Options);
        queue.Send("legacy"u8);
        Console.WriteLine("sent");
        Thread.Sleep(Timeout.Infinite);
    }

    private static void CreateTooLarge(string[] args) => Console.WriteLine(
        Assert.Throws<PosixException>(() => PosixMessageQueue.Create(args[0], new() { MaxMessages = 100_000, MaxMessageSize = 1 })).Message);

    private static void CreateLarge(string[] args)
    {
        using PosixMessageQueue queue = PosixMessageQueue.Create(args[0], new() { MaxMessages = 300, MaxMessageSize = 1 });
        while (queue.TrySend("x"u8))
        {
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{queue.MessageCount} of {queue.MaxMessages}"));
    }

    private static void CreateMany(string[] args)
    {
        PosixMessageQueue.Create(args[0] + "a", SmallQueue.Options).Dispose();
        PosixMessageQueue.Create(args[0] + "b", SmallQueue.Options).Dispose();
        Console.WriteLine(Assert.Throws<PosixException>(() => PosixMessageQueue.Create(args[0] + "c", SmallQueue.Options)).Message);
    }

    private static unsafe void CreateBeyondLimit(string[] args)
    {
        LibC.rlimit limit = new() { rlim_cur = 100, rlim_max = 100 };
        LibC.Check(LibC.prlimit(0, LibC.RLIMIT_MSGQUEUE, &limit, null));
        Console.WriteLine(Assert.Throws<PosixException>(() => PosixMessageQueue.Create(args[0], SmallQueue.Options)).Message);
    }

    private static void OpenAndUnlink(string[] args) => Console.WriteLine(
        $"{ErrnoOf(() => PosixMessageQueue.Open(args[0]))} {ErrnoOf(() => PosixMessageQueue.Unlink(args[0]))}");

    private static void SendToRoot(string[] args)
    {
        // Root is an owner that everybody trusts, so nothing has to be accepted here.
        using PosixMessageQueue queue = PosixMessageQueue.Open(args[0], new() { Access = FileAccess.Write });
        queue.Send("from nobody"u8);
        Console.WriteLine("sent");
    }

    private static Errno ErrnoOf(Action call) =>
        ((PosixException)Assert.Throws<UnauthorizedAccessException>(call).InnerException!).Errno;
}
