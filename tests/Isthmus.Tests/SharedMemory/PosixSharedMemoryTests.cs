using Isthmus.Native;
using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.SharedMemory;

public sealed class PosixSharedMemoryTests : IDisposable
{
    private readonly SharedMemoryName _name = new();

    public void Dispose() => _name.Dispose();

    [Theory]
    [InlineData("000", "600")]
    [InlineData("777", "640")]
    public void Create_gives_the_mode_whatever_the_umask(string umask, string mode)
    {
        using Child child = Child.Start(CreateWithUmask, _name, umask, mode);
        Assert.Equal("created", child.ReadLine());
        Assert.Equal((UnixFileMode)Convert.ToInt32(mode, 8), PosixSharedMemory.Stat(_name).Mode);
    }

    [Fact]
    public void Create_when_name_exists_throws_EEXIST_and_leaves_it_alone()
    {
        using PosixSharedMemory memory = PosixSharedMemory.Create(_name, 100);
        memory.Span[0] = 1;
        PosixException error = Assert.Throws<PosixException>(() => PosixSharedMemory.Create(_name, 200));
        Assert.Equal(Errno.EEXIST, error.Errno);
        Assert.Equal(_name, error.ObjectName);
        Assert.Equal(100, memory.FileLength);
        Assert.Equal(1, memory.Span[0]);
    }

    [Fact]
    public void What_cannot_fit_is_refused_before_any_of_it_is_taken()
    {
        long used = Used();
        PosixException error = Assert.Throws<PosixException>(() => PosixSharedMemory.Create(_name, 1L << 50));
        Assert.True(error.Errno is Errno.ENOSPC or Errno.ENOMEM);
        Assert.Contains("bytes left", error.Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => PosixSharedMemory.Stat(_name));
        error = Assert.Throws<PosixException>(() => AnonymousMemory.Create(1L << 50));
        Assert.Equal(Errno.ENOMEM, error.Errno);
        // Others take some at the same time.
        Assert.InRange(Used() - used, long.MinValue, 1 << 30);
    }

    private static long Used() => new DriveInfo("/dev/shm") is var memory ? memory.TotalSize - memory.TotalFreeSpace : 0;

    [Fact]
    public void What_does_not_exist_throws_ENOENT()
    {
        Assert.Equal(_name, Assert.Throws<FileNotFoundException>(() => PosixSharedMemory.Open(_name)).FileName);
        Assert.Equal(_name, Assert.Throws<FileNotFoundException>(() => PosixSharedMemory.Unlink(_name)).FileName);
        Assert.Equal(_name, Assert.Throws<FileNotFoundException>(() => PosixSharedMemory.Stat(_name)).FileName);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("x")]
    [InlineData("/x/y")]
    [InlineData("/..")]
    [InlineData("/x\0y")]
    public void What_is_no_name_is_refused(string name)
    {
        Assert.Throws<ArgumentException>(() => PosixSharedMemory.Create(name, 1));
        Assert.Throws<ArgumentException>(() => PosixSharedMemory.Open(name));
        Assert.Throws<ArgumentException>(() => PosixSharedMemory.OpenOrCreate(name, 1));
        Assert.Throws<ArgumentException>(() => PosixSharedMemory.Unlink(name));
    }

    [Fact]
    public void A_name_has_255_bytes_and_not_one_more()
    {
        string longest = _name.Value.PadRight(256, 'x');
        using PosixSharedMemory memory = PosixSharedMemory.Create(longest, 1);
        PosixSharedMemory.Unlink(longest);
        Assert.Throws<PathTooLongException>(() => PosixSharedMemory.Create(longest + "x", 1));
        Assert.Throws<PathTooLongException>(() => PosixSharedMemory.Open(longest + "x"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    public void A_size_that_is_not_positive_is_refused(long length)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => PosixSharedMemory.Create(_name, length));
        Assert.Throws<ArgumentOutOfRangeException>(() => PosixSharedMemory.OpenOrCreate(_name, length));
        Assert.False(File.Exists(_name.Path));
    }

    [Fact]
    public void Name_and_bytes_survive_the_death_of_their_creator()
    {
        using (Child child = Child.Start(CreateAndWait, _name))
        {
            Assert.Equal("created", child.ReadLine());
            child.Kill();
        }
        using PosixSharedMemory memory = PosixSharedMemory.Open(_name);
        Assert.Equal(42, memory.AsSpan<int>(0, 1)[0]);
    }

    [Fact]
    public void A_creator_that_is_killed_half_way_leaves_nothing()
    {
        string[] before = Directory.GetFileSystemEntries("/dev/shm", ".isthmus-*");
        using (Child child = Child.Start(CreateAndHang, _name))
        {
            Assert.Equal("initializing", child.ReadLine());
            Assert.Throws<FileNotFoundException>(() => PosixSharedMemory.Open(_name));
            child.Kill();
        }
        Assert.False(File.Exists(_name.Path));
        Assert.Equal(before, Directory.GetFileSystemEntries("/dev/shm", ".isthmus-*"));
    }

    [Fact]
    public void An_Initialize_that_throws_makes_nothing()
    {
        MemoryCreateOptions options = new() { Initialize = _ => throw new InvalidTimeZoneException() };
        Assert.Throws<InvalidTimeZoneException>(() => PosixSharedMemory.Create(_name, 100, options));
        Assert.False(File.Exists(_name.Path));
    }

    [Fact]
    public async Task However_many_open_or_create_at_once_all_find_the_same_finished_memory()
    {
        const int Rounds = 50;
        using Barrier start = new(4, barrier =>
        {
            // The last of three phases, when nobody touches the name.
            if (barrier.CurrentPhaseNumber % 3 == 2)
            {
                PosixSharedMemory.Unlink(_name);
            }
        });
        int made = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(Race))).OrHang();
        Assert.InRange(made, Rounds, int.MaxValue);

        void Race()
        {
            for (int round = 1; round <= Rounds; round++)
            {
                Meet();
                using PosixSharedMemory memory = PosixSharedMemory.OpenOrCreate(_name, 5000, new() { Initialize = Fill });
                Assert.False(memory.ReadOnlySpan[8..].ContainsAnyExcept((byte)7));
                Interlocked.Increment(ref memory.AsSpan<long>(0, 1)[0]);
                Meet();
                Assert.Equal(0x0707070707070707 + 4, memory.AsSpan<long>(0, 1)[0]);
                Meet();
            }
        }

        // One that fails does not come.
        void Meet() => Assert.True(start.SignalAndWait(Child.Limit), "Somebody is missing.");

        void Fill(MappedMemory memory)
        {
            Interlocked.Increment(ref made);
            memory.Span.Fill(7);
        }
    }

    [Fact]
    public void OpenOrCreate_refuses_another_size()
    {
        using PosixSharedMemory memory = PosixSharedMemory.OpenOrCreate(_name, 100);
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => PosixSharedMemory.OpenOrCreate(_name, 101));
        Assert.Contains("100", error.Message, StringComparison.Ordinal);
        Assert.Contains("101", error.Message, StringComparison.Ordinal);
        using PosixSharedMemory same = PosixSharedMemory.OpenOrCreate(_name, 100);
        Assert.Equal(100, same.Length);
    }

    [Fact]
    public void After_Unlink_the_memory_goes_on_and_the_name_is_free()
    {
        using PosixSharedMemory old = PosixSharedMemory.Create(_name, 100);
        using PosixSharedMemory other = PosixSharedMemory.Open(_name);
        PosixSharedMemory.Unlink(_name);
        Assert.False(File.Exists(_name.Path));
        using PosixSharedMemory recreated = PosixSharedMemory.Create(_name, 200);
        old.Span[0] = 1;
        Assert.Equal(1, other.Span[0]);
        Assert.Equal(0, recreated.Span[0]);
        using PosixSharedMemory again = old.MapAgain();
        Assert.Equal(1, again.Span[0]);
    }

    [Fact]
    public void Its_space_is_allocated_at_creation()
    {
        const long Length = (2 << 20) + 123;
        using PosixSharedMemory memory = PosixSharedMemory.Create(_name, Length);
        PosixSharedMemoryStatus status = PosixSharedMemory.Stat(_name);
        Assert.Equal(Length, status.Length);
        Assert.InRange(status.Allocated, Length, long.MaxValue);
        Assert.Equal(LibC.geteuid(), status.UserId);
        Assert.Equal(LibC.getegid(), status.GroupId);
        Assert.Contains($" {status.Inode} ", File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);
    }

    [Fact]
    public void It_grows_for_all_while_old_mappings_stay_as_they_are()
    {
        using PosixSharedMemory memory = PosixSharedMemory.Create(_name, 100);
        using PosixSharedMemory other = PosixSharedMemory.Open(_name);
        memory.Span[99] = 1;
        memory.Resize(3 << 20);
        Assert.Equal(100, memory.Length);
        Assert.Equal(3 << 20, other.FileLength);
        using PosixSharedMemory whole = other.MapAgain();
        Assert.Equal(3 << 20, whole.Length);
        Assert.Equal(1, whole.Span[99]);
        Assert.InRange(PosixSharedMemory.Stat(_name).Allocated, 3 << 20, int.MaxValue);
    }

    [Fact]
    public void It_shrinks_to_what_is_mapped_here_and_no_further()
    {
        using PosixSharedMemory memory = PosixSharedMemory.Create(_name, 100);
        memory.Resize(100_000);
        memory.Resize(100);
        Assert.Equal(100, memory.FileLength);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Resize(99));
        using PosixSharedMemory reader = PosixSharedMemory.Open(_name, new() { Access = MemoryAccess.Read });
        Assert.Throws<InvalidOperationException>(() => reader.Resize(200));
        Assert.Equal(100, memory.FileLength);
    }

    [Fact]
    public void Copied_on_write_it_keeps_changes_to_itself()
    {
        using PosixSharedMemory memory = PosixSharedMemory.Create(_name, 10_000);
        using PosixSharedMemory copy = PosixSharedMemory.Open(_name, new() { Access = MemoryAccess.CopyOnWrite });
        memory.Span.Fill(1);
        copy.Span[0] = 2;
        Assert.False(copy.IsReadOnly);
        Assert.Equal(2, copy.Span[0]);
        Assert.Equal(1, memory.Span[0]);
        Assert.Equal(1, copy.Span[9_999]);
        Assert.Equal(MemoryAccess.CopyOnWrite, copy.Access);
        copy.Advise(MemoryAdvice.DontNeed);
        Assert.Equal(1, copy.Span[0]);
    }

    [Fact]
    public void A_descriptor_brings_its_access_with_it()
    {
        using PosixSharedMemory memory = PosixSharedMemory.Create(_name, 100);
        memory.Span[1] = 5;
        using PosixSharedMemory writer = PosixSharedMemory.FromHandle(Reopen(LibC.O_RDWR));
        using PosixSharedMemory reader = PosixSharedMemory.FromHandle(Reopen(LibC.O_RDONLY));
        writer.Span[1]++;
        Assert.Null(writer.Name);
        Assert.True(reader.IsReadOnly);
        Assert.Equal(6, reader.ReadOnlySpan[1]);
        using SafeFileHandle blind = Reopen(LibC.O_WRONLY);
        Assert.Throws<ArgumentException>(() => PosixSharedMemory.FromHandle(blind));
        Assert.False(blind.IsClosed);
        using AnonymousPipe pipe = AnonymousPipe.Create();
        Assert.Equal(Errno.EINVAL, Assert.Throws<PosixException>(() => PosixSharedMemory.FromHandle(pipe.Reader.Handle)).Errno);
    }

    [Fact]
    public void The_descriptor_is_closed_on_exec()
    {
        using PosixSharedMemory created = PosixSharedMemory.Create(_name, 100);
        using PosixSharedMemory opened = PosixSharedMemory.Open(_name);
        using PosixSharedMemory again = opened.MapAgain();
        Assert.All([created, opened, again], memory => Assert.Equal(LibC.FD_CLOEXEC, LibC.fcntl(memory.Handle, LibC.F_GETFD)));
    }

    [Fact]
    public void Empty_memory_whose_creator_has_not_sized_it_is_refused()
    {
        File.Create(_name.Path).Dispose();
        Assert.Throws<InvalidDataException>(() => PosixSharedMemory.Open(_name));
        Assert.Throws<InvalidDataException>(() => PosixSharedMemory.OpenOrCreate(_name, 100));
    }

    [Fact]
    public void A_symbolic_link_is_not_followed()
    {
        using TemporaryDirectory directory = new();
        File.WriteAllText(directory["secret"], "secret");
        File.CreateSymbolicLink(_name.Path, directory["secret"]);
        Assert.Equal(Errno.ELOOP, Assert.Throws<PosixException>(() => PosixSharedMemory.Open(_name)).Errno);
        Assert.Equal(Errno.ELOOP, Assert.Throws<PosixException>(() => PosixSharedMemory.Unlink(_name)).Errno);
        Assert.Equal(Errno.ELOOP, Assert.Throws<PosixException>(() => PosixSharedMemory.Stat(_name)).Errno);
        Assert.Equal(Errno.EEXIST, Assert.Throws<PosixException>(() => PosixSharedMemory.Create(_name, 1)).Errno);
        Assert.Equal("secret", File.ReadAllText(directory["secret"]));
    }

    [Fact]
    public void A_second_name_of_a_file_is_not_opened()
    {
        using SharedMemoryName victim = new();
        File.WriteAllText(victim.Path, "secret");
        LibC.Check(LibC.linkat(LibC.AT_FDCWD, victim.Path, LibC.AT_FDCWD, _name.Path, 0));
        Assert.Equal(Errno.EMLINK, Assert.Throws<PosixException>(() => PosixSharedMemory.Open(_name)).Errno);
    }

    [Fact]
    public void What_is_no_file_is_neither_opened_nor_removed()
    {
        LibC.Check(LibC.mkfifo(_name.Path, 0x180));
        Assert.Equal(Errno.EINVAL, Assert.Throws<PosixException>(() => PosixSharedMemory.Open(_name, new() { Access = MemoryAccess.Read })).Errno);
        Assert.Equal(Errno.EINVAL, Assert.Throws<PosixException>(() => PosixSharedMemory.Unlink(_name)).Errno);
        File.Delete(_name.Path);
        Directory.CreateDirectory(_name.Path);
        Assert.Contains("a directory", Assert.Throws<PosixException>(() => PosixSharedMemory.Open(_name)).Message, StringComparison.Ordinal);
        Assert.Equal(Errno.EINVAL, Assert.Throws<PosixException>(() => PosixSharedMemory.Unlink(_name)).Errno);
    }

    private SafeFileHandle Reopen(int access) => LibC.Check(LibC.open(_name.Path, access | LibC.O_CLOEXEC));

    private static void CreateWithUmask(string[] args)
    {
        _ = LibC.umask(Convert.ToUInt32(args[1], 8));
        PosixSharedMemory.Create(args[0], 1, new() { Mode = (UnixFileMode)Convert.ToInt32(args[2], 8) }).Dispose();
        Console.WriteLine("created");
    }

    private static void CreateAndWait(string[] args)
    {
        using PosixSharedMemory memory = PosixSharedMemory.Create(args[0], 100);
        memory.AsSpan<int>(0, 1)[0] = 42;
        Console.WriteLine("created");
        Thread.Sleep(Timeout.Infinite);
    }

    private static void CreateAndHang(string[] args) => PosixSharedMemory.Create(args[0], 100, new()
    {
        Initialize = _ =>
        {
            Console.WriteLine("initializing");
            Thread.Sleep(Timeout.Infinite);
        },
    });
}
