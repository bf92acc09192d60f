using System.Globalization;
using Isthmus.Native;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.SharedMemory;

public sealed class SystemVSharedMemoryTests : IDisposable
{
    private readonly SystemVKey _key = new(Random.Shared.Next(1, int.MaxValue));

    public void Dispose()
    {
        try
        {
            SystemVSharedMemory.Remove(SystemVSharedMemory.Find(_key));
        }
        catch (FileNotFoundException)
        {
            // The test has done it.
        }
    }

    [Fact]
    public void Private_memory_is_always_new_and_has_no_key()
    {
        using SystemVSharedMemory one = SystemVSharedMemory.Create(SystemVKey.Private, 100);
        using SystemVSharedMemory two = SystemVSharedMemory.Create(SystemVKey.Private, 100);
        one.Remove();
        two.Remove();
        Assert.NotEqual(one.Id, two.Id);
        Assert.Equal(SystemVKey.Private, one.Stat().Owner.Key);
        Assert.Throws<ArgumentException>(() => SystemVSharedMemory.Open(SystemVKey.Private));
        Assert.Throws<ArgumentException>(() => SystemVSharedMemory.Find(SystemVKey.Private));
    }

    [Fact]
    public void Create_when_the_key_is_taken_throws_EEXIST()
    {
        using SystemVSharedMemory memory = SystemVSharedMemory.Create(_key, 100);
        Assert.Equal(Errno.EEXIST, Assert.Throws<PosixException>(() => SystemVSharedMemory.Create(_key, 100)).Errno);
        Assert.Equal(memory.Id, SystemVSharedMemory.Find(_key));
        Assert.Equal(1, memory.Stat().AttachedCount);
    }

    [Fact]
    public void What_does_not_exist_throws_ENOENT_by_key_and_EINVAL_by_id()
    {
        Assert.Throws<FileNotFoundException>(() => SystemVSharedMemory.Open(_key));
        Assert.Throws<FileNotFoundException>(() => SystemVSharedMemory.Find(_key));
        int id;
        using (SystemVSharedMemory memory = SystemVSharedMemory.Create(_key, 100))
        {
            id = memory.Id;
            memory.Remove();
        }
        AssertGone(() => SystemVSharedMemory.Open(id));
        AssertGone(() => SystemVSharedMemory.Stat(id));
        AssertGone(() => SystemVSharedMemory.Remove(id));
        AssertGone(() => SystemVSharedMemory.Open(-1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_size_that_is_not_positive_is_refused(long length)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SystemVSharedMemory.Create(_key, length));
        Assert.Throws<ArgumentOutOfRangeException>(() => SystemVSharedMemory.OpenOrCreate(_key, length));
    }

    [Fact]
    public void It_has_the_length_asked_for_and_every_byte_of_it()
    {
        using SystemVSharedMemory memory = SystemVSharedMemory.Create(_key, 5_001);
        using SystemVSharedMemory other = SystemVSharedMemory.Open(_key);
        memory.Span[5_000] = 1;
        Assert.Equal(5_001, other.Length);
        Assert.Equal(1, other.Span[5_000]);
        Assert.Equal(5_001, memory.Stat().Length);
    }

    [Fact]
    public void It_cannot_be_attached_copy_on_write()
    {
        using SystemVSharedMemory memory = SystemVSharedMemory.Create(_key, 100);
        Assert.Throws<ArgumentException>(() => SystemVSharedMemory.Open(_key, new() { Access = MemoryAccess.CopyOnWrite }));
        Assert.Equal(1, memory.Stat().AttachedCount);
    }

    [Fact]
    public void The_mode_is_that_asked_for_whatever_the_umask()
    {
        using Child child = Child.Start(CreateWithUmask, Text(_key));
        Assert.Equal("created", child.ReadLine());
        SystemVOwner owner = SystemVSharedMemory.Stat(SystemVSharedMemory.Find(_key)).Owner;
        Assert.Equal((UnixFileMode)0x1A0, owner.Mode);
        Assert.Equal(LibC.geteuid(), owner.User);
        Assert.Equal(_key, owner.Key);
    }

    [Fact]
    public void The_kernel_counts_who_has_it_attached_in_all_processes()
    {
        using SystemVSharedMemory memory = SystemVSharedMemory.Create(_key, 100);
        Assert.Equal(1, memory.Stat().AttachedCount);
        using (SystemVSharedMemory.Open(_key))
        {
            Assert.Equal(2, memory.Stat().AttachedCount);
        }
        Assert.Equal(1, memory.Stat().AttachedCount);
        using (Child child = Child.Start(AttachAndWait, Text(_key)))
        {
            Assert.Equal("attached", child.ReadLine());
            SystemVSharedMemoryStatus status = memory.Stat();
            Assert.Equal(2, status.AttachedCount);
            Assert.Equal(child.Id, status.LastProcessId);
            Assert.Equal(Environment.ProcessId, status.CreatorProcessId);
            child.Kill();
        }
        Assert.Equal(1, memory.Stat().AttachedCount);
        Assert.Equal(42, memory.Span[0]);
    }

    [Fact]
    public void Times_are_known_once_something_has_happened()
    {
        long start = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 1;
        using SystemVSharedMemory memory = SystemVSharedMemory.Create(_key, 100);
        SystemVSharedMemoryStatus status = memory.Stat();
        Assert.InRange(status.AttachedAt!.Value.ToUnixTimeSeconds(), start, long.MaxValue);
        Assert.InRange(status.ChangedAt.ToUnixTimeSeconds(), start, long.MaxValue);
        Assert.Null(status.DetachedAt);
        SystemVSharedMemory.Open(_key).Dispose();
        Assert.NotNull(memory.Stat().DetachedAt);
    }

    [Fact]
    public void Removed_it_lives_till_the_last_detaches_and_its_key_is_free_at_once()
    {
        SystemVSharedMemory old = SystemVSharedMemory.Create(_key, 100);
        old.Remove();
        SystemVSharedMemoryStatus status = old.Stat();
        Assert.True(status.IsRemoved);
        Assert.Equal(SystemVKey.Private, status.Owner.Key);
        Assert.Throws<FileNotFoundException>(() => SystemVSharedMemory.Open(_key));

        using SystemVSharedMemory recreated = SystemVSharedMemory.Create(_key, 200);
        Assert.NotEqual(old.Id, recreated.Id);
        using (SystemVSharedMemory byId = SystemVSharedMemory.Open(old.Id))
        {
            byId.Span[0] = 1;
        }
        Assert.Equal(1, old.Span[0]);
        Assert.Equal(0, recreated.Span[0]);
        old.Dispose();
        AssertGone(() => SystemVSharedMemory.Stat(old.Id));
    }

    [Fact]
    public void It_survives_the_death_of_its_creator()
    {
        using (Child child = Child.Start(CreateAndWait, Text(_key)))
        {
            Assert.Equal("created", child.ReadLine());
            child.Kill();
        }
        using SystemVSharedMemory memory = SystemVSharedMemory.Open(_key);
        Assert.Equal(43, memory.Span[0]);
        Assert.Equal(1, memory.Stat().AttachedCount);
    }

    [Fact]
    public async Task However_many_open_or_create_at_once_all_get_the_same()
    {
        using Barrier start = new(4);
        int[] ids = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            start.SignalAndWait();
            using SystemVSharedMemory memory = SystemVSharedMemory.OpenOrCreate(_key, 100);
            start.SignalAndWait();
            return memory.Id;
        }))).OrHang();
        Assert.Single(ids.Distinct());
        Assert.Throws<InvalidDataException>(() => SystemVSharedMemory.OpenOrCreate(_key, 99));
        Assert.Throws<InvalidDataException>(() => SystemVSharedMemory.OpenOrCreate(_key, 5000));
        Assert.Equal(0, SystemVSharedMemory.Stat(ids[0]).AttachedCount);
    }

    [Fact]
    public async Task A_segment_that_is_removed_meanwhile_is_made_again()
    {
        const int Rounds = 300;
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(Race))).OrHang();
        Assert.Throws<FileNotFoundException>(() => SystemVSharedMemory.Find(_key));

        void Race()
        {
            for (int round = 0; round < Rounds; round++)
            {
                using SystemVSharedMemory memory = SystemVSharedMemory.OpenOrCreate(_key, 100);
                memory.Span[99]++;
                _ = Record.Exception(memory.Remove);
            }
        }
    }

    [Fact]
    public void Set_changes_what_is_given_and_nothing_else()
    {
        using SystemVSharedMemory memory = SystemVSharedMemory.Create(_key, 100);
        memory.LockSegment();
        memory.Set(new() { Mode = (UnixFileMode)0x124 });
        Assert.Equal(SystemVOwnerOf(LibC.geteuid(), LibC.getegid(), 0x124), memory.Stat().Owner);
        memory.Set(new() { User = Elsewhere.Nobody, Group = Elsewhere.Nobody });
        Assert.Equal(SystemVOwnerOf(Elsewhere.Nobody, Elsewhere.Nobody, 0x124), memory.Stat().Owner);
        Assert.True(memory.Stat().IsLocked);
        Assert.False(memory.Stat().IsRemoved);

        SystemVOwner SystemVOwnerOf(uint user, uint group, int mode) =>
            new(_key, user, group, LibC.geteuid(), LibC.getegid(), (UnixFileMode)mode);
    }

    [Fact]
    public void Another_users_segment_is_opened_only_when_any_owner_is_accepted()
    {
        using SystemVSharedMemory memory = SystemVSharedMemory.Create(_key, 100);
        memory.Set(new() { User = Elsewhere.Nobody });
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only the superuser can read it then.");
        Assert.Equal(Errno.EPERM, ErrnoOf(Assert.Throws<UnauthorizedAccessException>(() => SystemVSharedMemory.Open(_key))));
        using SystemVSharedMemory other = SystemVSharedMemory.Open(_key, new() { AnyOwner = true });
        Assert.Equal(2, memory.Stat().AttachedCount);
    }

    [Fact]
    public void A_locked_segment_says_so_until_it_is_unlocked()
    {
        using SystemVSharedMemory memory = SystemVSharedMemory.Create(_key, 100);
        Assert.False(memory.Stat().IsLocked);
        memory.LockSegment();
        Assert.True(memory.Stat().IsLocked);
        memory.UnlockSegment();
        Assert.False(memory.Stat().IsLocked);
    }

    [Fact]
    public void Nobody_else_may_read_write_remove_or_change_it()
    {
        using SystemVSharedMemory memory = SystemVSharedMemory.Create(_key, 100);
        Assert.Equal("EACCES EACCES EACCES EPERM\n", Elsewhere.AsNobody(TryEverything, Text(memory.Id), Text(_key)));
        memory.Set(new() { Mode = (UnixFileMode)0x1A4 });
        Assert.Equal("EACCES read 100 EPERM\n", Elsewhere.AsNobody(TryEverything, Text(memory.Id), Text(_key)));
    }

    [Fact]
    public void The_limits_of_the_machine_are_told()
    {
        string output = Elsewhere.InIpcNamespace("echo 2 > /proc/sys/kernel/shmmni; echo 8192 > /proc/sys/kernel/shmmax", ReachLimits);
        Assert.Contains(
            "EINVAL shmget: Invalid argument (EINVAL) '0x00000001'. It is larger than this machine allows", output, StringComparison.Ordinal);
        Assert.Contains(
            "ENOSPC shmget: No space left on device (ENOSPC) '0x00000004'. There are as many segments as may be, 2 (kernel.shmmni)",
            output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_lack_of_huge_pages_is_an_error_that_tells_what_to_do()
    {
        SystemVSharedMemoryOptions options = new() { HugePageSize = 1L << 30 };
        Assert.Throws<ArgumentException>(() => SystemVSharedMemory.Create(_key, 100, options));
        Assert.SkipUnless(Directory.Exists("/sys/kernel/mm/hugepages/hugepages-1048576kB"), "This machine has no pages of 1 GiB.");
        PosixException error = Assert.Throws<PosixException>(() => SystemVSharedMemory.Create(_key, 1L << 40, options));
        Assert.Equal(Errno.ENOMEM, error.Errno);
        Assert.Contains("nr_hugepages", error.Message, StringComparison.Ordinal);
    }

    private static void AssertGone(Action call)
    {
        PosixException error = Assert.Throws<PosixException>(call);
        Assert.True(error.Errno is Errno.EINVAL or Errno.EIDRM);
        Assert.Contains("removed", error.Message, StringComparison.Ordinal);
    }

    private static Errno ErrnoOf(Exception error) => ((PosixException)error.InnerException!).Errno;

    private static string Text(SystemVKey key) => key.ToString();

    private static string Text(int id) => id.ToString(CultureInfo.InvariantCulture);

    private static SystemVKey Key(string text) => SystemVKey.TryParse(text, out SystemVKey key) ? key : throw new FormatException(text);

    private static void CreateWithUmask(string[] args)
    {
        _ = LibC.umask(0x1FF);
        SystemVSharedMemory.Create(Key(args[0]), 1, new() { Mode = (UnixFileMode)0x1A0 }).Dispose();
        Console.WriteLine("created");
    }

    private static void CreateAndWait(string[] args)
    {
        using SystemVSharedMemory memory = SystemVSharedMemory.Create(Key(args[0]), 100);
        memory.Span[0] = 43;
        Console.WriteLine("created");
        Thread.Sleep(Timeout.Infinite);
    }

    private static void AttachAndWait(string[] args)
    {
        using SystemVSharedMemory memory = SystemVSharedMemory.Open(Key(args[0]));
        memory.Span[0] = 42;
        Console.WriteLine("attached");
        Thread.Sleep(Timeout.Infinite);
    }

    private static void TryEverything(string[] args)
    {
        int id = int.Parse(args[0], CultureInfo.InvariantCulture);
        MemoryOpenOptions reading = new() { Access = MemoryAccess.Read };
        Console.WriteLine(string.Join(
            ' ',
            Try(() => SystemVSharedMemory.Open(Key(args[1]))),
            Try(() => SystemVSharedMemory.Open(id, reading)),
            Try(() => SystemVSharedMemory.Stat(id).Length),
            Try(() => SystemVSharedMemory.Remove(id))));
    }

    private static void ReachLimits(string[] args)
    {
        Console.WriteLine(TryText(() => SystemVSharedMemory.Create(new(1), 8193)));
        using SystemVSharedMemory one = SystemVSharedMemory.Create(new(2), 8192);
        using SystemVSharedMemory two = SystemVSharedMemory.Create(new(3), 1);
        Console.WriteLine(TryText(() => SystemVSharedMemory.Create(new(4), 1)));
    }

    private static string TryText(Action call)
    {
        PosixException error = Assert.Throws<PosixException>(call);
        return $"{error.Errno} {error.Message}";
    }

    private static string Try(Func<object> call)
    {
        try
        {
            object result = call();
            if (result is SystemVSharedMemory memory)
            {
                memory.Dispose();
                return "read";
            }
            return string.Create(CultureInfo.InvariantCulture, $"{result}");
        }
        catch (UnauthorizedAccessException error)
        {
            return ErrnoOf(error).ToString();
        }
    }

    private static string Try(Action call) => Try(() =>
    {
        call();
        return "done";
    });
}
