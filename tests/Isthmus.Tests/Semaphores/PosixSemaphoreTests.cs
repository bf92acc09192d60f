using System.Globalization;
using Isthmus.Native;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Semaphores;

/// <summary>Named semaphores: how they are made, found and removed.</summary>
public sealed class PosixSemaphoreTests : IDisposable
{
    private readonly SemaphoreName _name = new();

    public void Dispose() => _name.Dispose();

    [Theory]
    [InlineData("0", "600")]
    [InlineData("777", "600")]
    [InlineData("77", "666")]
    public void Create_gives_the_mode_whatever_the_umask(string umask, string mode)
    {
        using Child child = Child.Start(CreateWithUmask, _name, umask, mode);
        Assert.Equal("created", child.ReadLine());
        Assert.Equal((UnixFileMode)Convert.ToInt32(mode, 8), File.GetUnixFileMode(_name.Path));
        PosixSemaphoreStatus status = PosixSemaphore.Stat(_name);
        Assert.Equal((LibC.geteuid(), (UnixFileMode)Convert.ToInt32(mode, 8)), (status.UserId, status.Mode));
        Assert.NotEqual(0UL, status.Inode);
    }

    [Fact]
    public void Create_when_name_exists_throws_EEXIST()
    {
        using PosixSemaphore first = PosixSemaphore.Create(_name, 3);
        Assert.Equal(Errno.EEXIST, Assert.Throws<PosixException>(() => PosixSemaphore.Create(_name, 5)).Errno);
        Assert.Equal(3, first.Value);
    }

    [Fact]
    public void Create_leaves_nothing_else_behind()
    {
        using (PosixSemaphore.Create(_name, 0))
        {
            Assert.Throws<PosixException>(() => PosixSemaphore.Create(_name, 0));
        }
        Assert.Equal(32, new FileInfo(_name.Path).Length);
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries("/dev/shm"), path => path.Contains("/.isthmus-", StringComparison.Ordinal));
    }

    [Fact]
    public void Open_or_Unlink_without_a_semaphore_throws_ENOENT()
    {
        Assert.Throws<FileNotFoundException>(() => PosixSemaphore.Open(_name));
        Assert.Throws<FileNotFoundException>(() => PosixSemaphore.Unlink(_name));
        Assert.Throws<FileNotFoundException>(() => PosixSemaphore.Stat(_name));
    }

    [Fact]
    public void OpenOrCreate_makes_it_once_and_then_keeps_its_value()
    {
        using PosixSemaphore made = PosixSemaphore.OpenOrCreate(_name, 2);
        made.Acquire();
        using PosixSemaphore found = PosixSemaphore.OpenOrCreate(_name, 2);
        Assert.Equal(1, found.Value);
    }

    [Fact]
    public void OpenOrCreate_by_many_makes_one()
    {
        for (int round = 0; round < 50; round++)
        {
            using SemaphoreName name = new();
            using Barrier start = new(4);
            PosixSemaphore?[] semaphores = new PosixSemaphore?[start.ParticipantCount];
            Thread[] threads = [.. semaphores.Select((_, i) => new Thread(() =>
            {
                start.SignalAndWait(Child.Limit);
                semaphores[i] = PosixSemaphore.OpenOrCreate(name, 10);
                semaphores[i]!.Release();
            }))];
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => Assert.True(thread.Join(Child.Limit)));
            Assert.All(semaphores, semaphore => Assert.Equal(14, semaphore!.Value));
            Assert.All(semaphores, semaphore => semaphore!.Dispose());
        }
    }

    [Theory]
    [InlineData("jobs")]
    [InlineData("/")]
    [InlineData("/a/b")]
    [InlineData("")]
    [InlineData("/a\0b")]
    public void A_name_that_is_none_throws(string name)
    {
        Assert.Throws<ArgumentException>(() => PosixSemaphore.Create(name, 0));
        Assert.Throws<ArgumentException>(() => PosixSemaphore.Open(name));
        Assert.Throws<ArgumentException>(() => PosixSemaphore.Unlink(name));
    }

    [Fact]
    public void A_name_may_have_251_bytes_after_the_slash()
    {
        string longest = $"{_name}-".PadRight(252, 'x');
        PosixSemaphore.Create(longest, 0).Dispose();
        PosixSemaphore.Unlink(longest);
        Assert.Throws<PathTooLongException>(() => PosixSemaphore.Create(longest + "x", 0));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void A_negative_value_throws(int value)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => PosixSemaphore.Create(_name, value));
        Assert.Throws<ArgumentOutOfRangeException>(() => PosixSemaphore.OpenOrCreate(_name, value));
        Assert.False(File.Exists(_name.Path));
    }

    [Fact]
    public void Two_that_opened_the_name_share_it()
    {
        using PosixSemaphore first = PosixSemaphore.Create(_name, 0);
        using PosixSemaphore second = PosixSemaphore.Open(_name);
        first.Release();
        Assert.Equal(1, second.Value);
        second.Acquire();
        Assert.Equal(0, first.Value);
        second.Dispose();
        first.Release();
        Assert.Equal(1, first.Value);
    }

    [Fact]
    public void Unlink_leaves_it_to_those_who_have_it_and_the_name_to_a_new_one()
    {
        using PosixSemaphore old = PosixSemaphore.Create(_name, 1);
        using PosixSemaphore alsoOld = PosixSemaphore.Open(_name);
        PosixSemaphore.Unlink(_name);
        using PosixSemaphore other = PosixSemaphore.Create(_name, 7);
        old.Acquire();
        Assert.Equal(0, alsoOld.Value);
        Assert.Equal(7, other.Value);
    }

    [Fact]
    public void What_is_no_semaphore_is_not_opened()
    {
        File.WriteAllText(_name.Path, "short");
        Assert.Equal(Errno.EINVAL, Assert.Throws<PosixException>(() => PosixSemaphore.Open(_name)).Errno);
        File.Delete(_name.Path);
        Directory.CreateDirectory(_name.Path);
        Assert.Equal(Errno.EINVAL, Assert.Throws<PosixException>(() => PosixSemaphore.Open(_name)).Errno);
        Assert.Equal(Errno.EINVAL, Assert.Throws<PosixException>(() => PosixSemaphore.Unlink(_name)).Errno);
        Directory.Delete(_name.Path);
        Fifo.Create(_name.Path);
        Assert.Equal(Errno.EINVAL, Assert.Throws<PosixException>(() => PosixSemaphore.Open(_name)).Errno);
        File.Delete(_name.Path);
        using SemaphoreName target = new();
        using PosixSemaphore real = PosixSemaphore.Create(target, 1);
        File.CreateSymbolicLink(_name.Path, target.Path);
        Assert.Equal(Errno.ELOOP, Assert.Throws<PosixException>(() => PosixSemaphore.OpenOrCreate(_name, 1)).Errno);
    }

    [Fact]
    public void A_second_name_is_refused()
    {
        using PosixSemaphore semaphore = PosixSemaphore.Create(_name, 1);
        using SemaphoreName second = new();
        Assert.Equal(("", 0), Peer.Run("ln", [_name.Path, second.Path]));
        Assert.Equal(Errno.EMLINK, Assert.Throws<PosixException>(() => PosixSemaphore.Open(second)).Errno);
    }

    [Fact]
    public void Another_user_may_not_use_it()
    {
        using PosixSemaphore semaphore = PosixSemaphore.Create(_name, 1);
        Assert.Equal("EACCES EACCES EPERM\n", Elsewhere.AsNobody(TryAll, _name));
        Assert.Equal(1, semaphore.Value);
    }

    [Fact]
    public void One_of_another_user_is_opened_only_when_any_owner_is_accepted()
    {
        Assert.Equal("created\n", Elsewhere.AsNobody(CreateWithUmask, _name, "0", "666"));
        UnauthorizedAccessException refused = Assert.Throws<UnauthorizedAccessException>(() => PosixSemaphore.Open(_name));
        Assert.Equal(Errno.EPERM, Assert.IsType<PosixException>(refused.InnerException).Errno);
        using PosixSemaphore semaphore = PosixSemaphore.Open(_name, new() { AnyOwner = true });
        semaphore.Release();
        Assert.Equal(2, semaphore.Value);
    }

    [Fact]
    public void With_a_wider_mode_another_user_releases_it()
    {
        using PosixSemaphore semaphore = PosixSemaphore.Create(_name, 0, new() { Mode = (UnixFileMode)Convert.ToInt32("666", 8) });
        Assert.Equal("released\n", Elsewhere.AsNobody(OpenAndRelease, _name));
        Assert.True(semaphore.TryAcquire());
    }

    [Fact]
    public void It_outlives_its_processes()
    {
        using Child child = Child.Start(CreateWithUmask, _name, "0", "600");
        Assert.Equal("created", child.ReadLine());
        Assert.Equal(0, child.WaitForExit());
        using PosixSemaphore semaphore = PosixSemaphore.Open(_name);
        Assert.Equal(1, semaphore.Value);
    }

    [Fact]
    public void It_holds_no_descriptor()
    {
        PosixSemaphore.Create(_name, 1).Dispose();
        PosixSemaphore semaphore = PosixSemaphore.Open(_name);
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries("/proc/self/fd"), link => IsLinkTo(link, _name.Path));
        Assert.Contains(_name.Path + "\n", File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);
        semaphore.Dispose();
        // The end of the line: another test's name may begin with this one.
        Assert.DoesNotContain(_name.Path + "\n", File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);
    }

    private static bool IsLinkTo(string link, string path)
    {
        try
        {
            return new FileInfo(link).LinkTarget == path;
        }
        catch (IOException)
        {
            return false; // Closed meanwhile.
        }
    }

    private static void CreateWithUmask(string[] args)
    {
        _ = LibC.umask(Convert.ToUInt32(args[1], 8));
        PosixSemaphore.Create(args[0], 1, new() { Mode = (UnixFileMode)Convert.ToInt32(args[2], 8) }).Dispose();
        Console.WriteLine("created");
    }

    // Root is an owner that everybody trusts, so nothing has to be accepted here.
    private static void OpenAndRelease(string[] args)
    {
        using PosixSemaphore semaphore = PosixSemaphore.Open(args[0]);
        semaphore.Release();
        Console.WriteLine("released");
    }

    private static void TryAll(string[] args) => Console.WriteLine(string.Join(' ',
        ErrnoOf(() => PosixSemaphore.Open(args[0])),
        ErrnoOf(() => PosixSemaphore.Open(args[0], new() { AnyOwner = true })),
        ErrnoOf(() => PosixSemaphore.Unlink(args[0]))));

    private static string ErrnoOf(Action call) => string.Create(
        CultureInfo.InvariantCulture, $"{((PosixException)Assert.Throws<UnauthorizedAccessException>(call).InnerException!).Errno}");
}
