using System.Globalization;
using Isthmus.Native;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.MessageQueues;

/// <summary>Keys, permissions, limits and life of a queue.</summary>
public sealed class SystemVMessageQueueTests : IDisposable
{
    private readonly SystemVKey _key = TemporaryQueue.NewKey();
    private readonly byte[] _buffer = new byte[100];
    private SystemVMessageQueue? _queue;

    public void Dispose()
    {
        if (_queue is not null)
        {
            TemporaryQueue.Remove(_queue);
        }
    }

    [Theory]
    [InlineData("000", "600")]
    [InlineData("777", "640")]
    [InlineData("077", "622")]
    public void Create_gives_the_mode_whatever_the_umask(string umask, string mode)
    {
        using Child child = Child.Start(CreateWithUmask, Text(_key.Value), umask, mode);
        _queue = SystemVMessageQueue.Open(int.Parse(child.ReadLine(), CultureInfo.InvariantCulture));
        SystemVOwner owner = _queue.Stat().Owner;
        Assert.Equal(mode, Convert.ToString((int)owner.Mode, 8));
        Assert.Equal((_key, LibC.geteuid(), LibC.geteuid()), (owner.Key, owner.User, owner.CreatorUser));
    }

    [Fact]
    public void Create_without_options_is_for_the_owner_only_and_has_the_systems_size()
    {
        SystemVMessageQueueStatus status = Create().Stat();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, status.Owner.Mode);
        Assert.Equal(SystemVMessageQueueLimits.Read().MaxBytes, status.MaxBytes);
    }

    [Fact]
    public void Create_when_the_key_is_taken_throws_EEXIST()
    {
        Create();
        PosixException error = Assert.Throws<PosixException>(() => SystemVMessageQueue.Create(_key));
        Assert.Equal((Errno.EEXIST, _key.ToString()), (error.Errno, error.ObjectName));
    }

    [Fact]
    public void A_key_leads_to_the_same_queue_for_all()
    {
        int id = Create().Id;
        Assert.Equal(id, SystemVMessageQueue.Open(_key).Id);
        Assert.Equal(id, SystemVMessageQueue.OpenOrCreate(_key, new() { Mode = 0 }).Id);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, _queue!.Stat().Owner.Mode);
    }

    [Fact]
    public async Task OpenOrCreate_of_many_at_once_gives_all_the_same_queue()
    {
        for (int round = 0; round < 50; round++)
        {
            SystemVMessageQueue[] queues = await Task.WhenAll(
                Enumerable.Range(0, 4).Select(_ => Task.Run(() => SystemVMessageQueue.OpenOrCreate(_key)))).OrHang();
            _queue = queues[0];
            Assert.Single(queues.Select(queue => queue.Id).Distinct());
            _queue.Remove();
        }
    }

    [Fact]
    public void A_private_queue_is_always_a_new_one_and_found_by_its_id_only()
    {
        using TemporaryQueue one = new();
        using TemporaryQueue two = new();
        Assert.NotEqual(one.Queue.Id, two.Queue.Id);
        SystemVMessageQueue.Open(one.Queue.Id).Send("x"u8);
        Assert.Equal((1, 0), (one.Queue.Stat().Messages, two.Queue.Stat().Messages));
        Assert.ThrowsAny<ArgumentException>(() => SystemVMessageQueue.Open(SystemVKey.Private));
    }

    [Fact]
    public void A_key_of_a_file_leads_to_the_queue()
    {
        using TemporaryDirectory directory = new();
        File.WriteAllText(directory["key"], "");
        _queue = SystemVMessageQueue.Create(SystemVKey.FromFile(directory["key"], 7));
        Assert.Equal(_queue.Id, SystemVMessageQueue.Open(SystemVKey.FromFile(directory["key"], 7)).Id);
        Assert.Throws<FileNotFoundException>(() => SystemVMessageQueue.Open(SystemVKey.FromFile(directory["key"], 8)));
    }

    [Fact]
    public void Open_of_a_key_that_nobody_has_throws_ENOENT() =>
        Assert.Equal(_key.ToString(), Assert.Throws<FileNotFoundException>(() => SystemVMessageQueue.Open(_key)).FileName);

    [Fact]
    public void Every_call_on_a_removed_queue_throws_EINVAL()
    {
        SystemVMessageQueue queue = Create();
        queue.Remove();
        Action[] calls =
        [
            () => SystemVMessageQueue.Open(queue.Id), queue.Remove, () => queue.Stat(), () => queue.Set(new()),
            () => queue.Send("x"u8), () => queue.TrySend("x"u8),
            () => queue.Receive(_buffer), () => queue.TryReceive(_buffer, TimeSpan.FromSeconds(1), out _), () => queue.TryPeek(_buffer, 0, out _),
            () => queue.ReceiveAsync(_buffer).AsTask().GetAwaiter().GetResult(),
        ];
        Assert.All(calls, call =>
        {
            PosixException error = Assert.Throws<PosixException>(call);
            Assert.Equal(Errno.EINVAL, error.Errno);
            Assert.Contains("no queue with this id", error.Message, StringComparison.Ordinal);
        });
        Assert.Throws<ArgumentOutOfRangeException>(() => SystemVMessageQueue.Open(-1));
    }

    [Fact]
    public void Messages_outlive_their_sender_killed()
    {
        using Child child = Child.Start(SendAndWait, Text(Create().Id));
        Assert.Equal("sent", child.ReadLine());
        child.Kill();
        Assert.Equal(new SystemVMessage(6, 3), _queue!.Receive(_buffer));
        Assert.Equal((child.Id, Environment.ProcessId), (_queue.Stat().LastSenderProcessId, _queue.Stat().LastReceiverProcessId));
    }

    [Fact]
    public void Stat_tells_fill_and_last_users()
    {
        SystemVMessageQueueStatus empty = Create().Stat();
        Assert.Equal((0L, 0L, 0, 0), (empty.Messages, empty.Bytes, empty.LastSenderProcessId, empty.LastReceiverProcessId));
        Assert.Equal((null, null), (empty.SentAt, empty.ReceivedAt));
        _queue!.Send("abc"u8);
        _queue.Send("de"u8);
        SystemVMessageQueueStatus filled = _queue.Stat();
        Assert.Equal((2L, 5L, Environment.ProcessId), (filled.Messages, filled.Bytes, filled.LastSenderProcessId));
        Assert.True(filled.SentAt >= empty.ChangedAt);
        Assert.Null(filled.ReceivedAt);
    }

    [Fact]
    public void Set_changes_what_is_asked_for_and_nothing_else()
    {
        Create().Set(new() { Mode = UnixFileMode.UserRead });
        Assert.Equal(UnixFileMode.UserRead, _queue!.Stat().Owner.Mode);
        _queue.Set(new() { MaxBytes = 100 });
        SystemVMessageQueueStatus status = _queue.Stat();
        Assert.Equal((UnixFileMode.UserRead, 100L, LibC.geteuid()), (status.Owner.Mode, status.MaxBytes, status.Owner.User));
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only the superuser can give it away.");
        _queue.Set(new() { User = Elsewhere.Nobody, Group = Elsewhere.Nobody });
        SystemVOwner owner = _queue.Stat().Owner;
        Assert.Equal((Elsewhere.Nobody, Elsewhere.Nobody, 0u), (owner.User, owner.Group, owner.CreatorUser));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SystemVMessageQueueSettings { MaxBytes = -1 });
    }

    [Fact]
    public void More_bytes_than_the_machine_allows_throw_EPERM_and_name_the_limit()
    {
        string text = Elsewhere.InIpcNamespace("echo 5000 > /proc/sys/kernel/msgmnb", SetWithoutPrivilege);
        Assert.Contains("EPERM", text, StringComparison.Ordinal);
        Assert.Contains("5000 (kernel.msgmnb)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_longer_message_than_the_machine_allows_throws_EINVAL_and_names_the_limit()
    {
        string text = Elsewhere.InIpcNamespace("echo 500 > /proc/sys/kernel/msgmax", SendTooLong);
        Assert.Contains("EINVAL", text, StringComparison.Ordinal);
        Assert.Contains("500 (kernel.msgmax)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_queues_throw_ENOSPC_and_name_the_limit()
    {
        string text = Elsewhere.InIpcNamespace("echo 2 > /proc/sys/kernel/msgmni", CreateMany);
        Assert.Contains("ENOSPC", text, StringComparison.Ordinal);
        Assert.Contains("2 (kernel.msgmni)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_user_may_do_nothing_with_it()
    {
        Create().Send("x"u8);
        Assert.Equal("EACCES EACCES EACCES EACCES EPERM\n", Elsewhere.AsNobody(TryAll, Text(_key.Value), Text(_queue!.Id)));
        Assert.Equal(1, _queue.Stat().Messages);
    }

    [Fact]
    public void A_queue_that_another_user_put_at_the_key_is_refused_unless_asked_for()
    {
        int id = Number(Elsewhere.AsNobody(CreateWithUmask, Text(_key.Value), "0", "666"));
        _queue = SystemVMessageQueue.Open(id, new() { AnyOwner = true });
        AssertRefused();
        // The creator keeps power over a queue that he has given away.
        _queue.Set(new() { User = 0 });
        AssertRefused();
        Assert.Equal(_queue.Id, SystemVMessageQueue.Open(_key, new() { AnyOwner = true }).Id);
        Assert.Equal(_queue.Id, SystemVMessageQueue.OpenOrCreate(_key, new() { AnyOwner = true }).Id);

        void AssertRefused()
        {
            UnauthorizedAccessException error = Assert.Throws<UnauthorizedAccessException>(() => SystemVMessageQueue.Open(_key));
            Assert.Equal(Errno.EPERM, Assert.IsType<PosixException>(error.InnerException).Errno);
            Assert.Contains("65534", error.Message, StringComparison.Ordinal);
            Assert.Throws<UnauthorizedAccessException>(() => SystemVMessageQueue.OpenOrCreate(_key));
            Assert.Throws<UnauthorizedAccessException>(() => SystemVMessageQueue.Open(id));
        }
    }

    [Fact]
    public void A_queue_that_one_may_only_send_to_is_opened_without_a_look_at_its_owner()
    {
        Create().Set(new() { Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite });
        Assert.Equal("EACCES sent\n", Elsewhere.AsNobody(SendOnly, Text(_key.Value)));
        Assert.Equal(11, _queue!.Receive(_buffer).Length);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private SystemVMessageQueue Create() => _queue = SystemVMessageQueue.Create(_key);

    private static void CreateWithUmask(string[] args)
    {
        _ = LibC.umask(Convert.ToUInt32(args[1], 8));
        SystemVMessageQueue queue = SystemVMessageQueue.Create(new(Number(args[0])), new() { Mode = (UnixFileMode)Convert.ToInt32(args[2], 8) });
        Console.WriteLine(Text(queue.Id));
    }

    private static void SendAndWait(string[] args)
    {
        SystemVMessageQueue.Open(Number(args[0])).Send("legacy"u8, 3);
        Console.WriteLine("sent");
        Thread.Sleep(Timeout.Infinite);
    }

    private static void SetWithoutPrivilege(string[] args)
    {
        SystemVMessageQueue queue = SystemVMessageQueue.Create(SystemVKey.Private);
        // Root without CAP_SYS_RESOURCE is bound by the limit; with it, somebody else is.
        queue.Set(new() { User = Elsewhere.Nobody, Mode = (UnixFileMode)0x1B6 });
        LibC.Check(LibC.syscall(LibC.SYS_setresuid, (nint)Elsewhere.Nobody, (nint)Elsewhere.Nobody, (nint)Elsewhere.Nobody));
        Console.WriteLine(Assert.Throws<UnauthorizedAccessException>(() => queue.Set(new() { MaxBytes = 5001 })).Message);
    }

    private static void SendTooLong(string[] args)
    {
        SystemVMessageQueue queue = SystemVMessageQueue.Create(SystemVKey.Private);
        queue.Send(new byte[500]);
        Console.WriteLine(Assert.Throws<PosixException>(() => queue.Send(new byte[501])).Message);
    }

    private static void CreateMany(string[] args)
    {
        SystemVMessageQueue.Create(SystemVKey.Private);
        SystemVMessageQueue.Create(SystemVKey.Private);
        Console.WriteLine(Assert.Throws<PosixException>(() => SystemVMessageQueue.Create(SystemVKey.Private)).Message);
    }

    private static void SendOnly(string[] args)
    {
        SystemVKey key = new(Number(args[0]));
        UnauthorizedAccessException error = Assert.Throws<UnauthorizedAccessException>(() => SystemVMessageQueue.Open(key));
        SystemVMessageQueue.Open(key, new() { AnyOwner = true }).Send("from nobody"u8);
        Console.WriteLine($"{((PosixException)error.InnerException!).Errno} sent");
    }

    private static void TryAll(string[] args)
    {
        SystemVMessageQueue queue = SystemVMessageQueue.Open(Number(args[1]), new() { AnyOwner = true });
        Action[] calls =
        [
            () => SystemVMessageQueue.Open(new SystemVKey(Number(args[0]))), () => queue.Send("x"u8), () => queue.Receive(new byte[10]),
            () => queue.Stat(), queue.Remove,
        ];
        Console.WriteLine(string.Join(' ', calls.Select(call =>
            ((PosixException)Assert.Throws<UnauthorizedAccessException>(call).InnerException!).Errno)));
    }
}
