using System.Globalization;
using Isthmus.Native;
using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.SharedMemory;

public sealed class MappedFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Name => _directory["file"];

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("000", "600")]
    [InlineData("777", "644")]
    public void Create_gives_the_mode_whatever_the_umask(string umask, string mode)
    {
        using Child child = Child.Start(CreateWithUmask, _directory.Root, umask, mode);
        Assert.Equal("created", child.ReadLine());
        Assert.Equal((UnixFileMode)Convert.ToInt32(mode, 8), File.GetUnixFileMode(Name));
        Assert.Equal([Name], Directory.GetFileSystemEntries(_directory.Root));
    }

    [Fact]
    public void Create_when_name_exists_throws_EEXIST_and_leaves_it_alone()
    {
        File.WriteAllText(Name, "precious");
        Assert.Equal(Errno.EEXIST, Assert.Throws<PosixException>(() => MappedFile.Create(Name, 100)).Errno);
        Assert.Equal("precious", File.ReadAllText(Name));
        Assert.Equal([Name], Directory.GetFileSystemEntries(_directory.Root));
    }

    [Fact]
    public void What_does_not_exist_throws_ENOENT()
    {
        Assert.Throws<FileNotFoundException>(() => MappedFile.Open(Name));
        Assert.Throws<FileNotFoundException>(() => MappedFile.Unlink(Name));
        Assert.Throws<FileNotFoundException>(() => MappedFile.Create(_directory["no/file"], 1));
        Assert.Throws<FileNotFoundException>(() => MappedFile.OpenOrCreate(_directory["no/file"], 1));
        Assert.Throws<ArgumentException>(() => MappedFile.Open(""));
    }

    [Fact]
    public void What_is_written_to_the_memory_stands_in_the_file()
    {
        using (MappedFile memory = MappedFile.Create(Name, 10_000))
        {
            memory.Span.Fill(3);
            memory.Span[^1] = 4;
            memory.Flush();
        }
        byte[] read = File.ReadAllBytes(Name);
        Assert.Equal(10_000, read.Length);
        Assert.Equal(4, read[^1]);
        Assert.Equal(3, read[0]);
        File.WriteAllBytes(Name, [1, 2, 3]);
        using MappedFile other = MappedFile.Open(Name);
        Assert.Equal([1, 2, 3], other.Span.ToArray());
    }

    [Fact]
    public void The_death_of_the_writer_loses_nothing_that_was_written()
    {
        using (Child child = Child.Start(WriteAndWait, Name))
        {
            Assert.Equal("written", child.ReadLine());
            child.Kill();
        }
        Assert.Equal("from the dead", File.ReadAllText(Name));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(4095, 2)]
    [InlineData(4096, 4096)]
    [InlineData(9_999, 1)]
    [InlineData(5_000, null)]
    public void Any_part_of_a_file_can_be_mapped(int offset, int? length)
    {
        byte[] data = new byte[10_000];
        Random.Shared.NextBytes(data);
        File.WriteAllBytes(Name, data);
        using MappedFile memory = MappedFile.Open(Name, new() { OffsetBytes = offset, LengthBytes = length });
        Assert.Equal(data.AsSpan(offset, length ?? 10_000 - offset), memory.Span);
        Assert.Equal(offset, memory.OffsetBytes);
        Assert.Equal(10_000, memory.FileLength);
        memory.Span[^1]++;
        memory.Flush();
        memory.Prefault();
        Assert.Equal((byte)(data[offset + memory.Length - 1] + 1), File.ReadAllBytes(Name)[offset + memory.Length - 1]);
    }

    [Theory]
    [InlineData(0, 101)]
    [InlineData(100, null)]
    [InlineData(100, 1)]
    [InlineData(1, 100)]
    [InlineData(1, long.MaxValue)]
    [InlineData(long.MaxValue, 1)]
    public void A_part_beyond_the_end_is_refused(long offset, object? lengthOrNull)
    {
        long? length = lengthOrNull is null ? null : Convert.ToInt64(lengthOrNull, CultureInfo.InvariantCulture);
        File.WriteAllBytes(Name, new byte[100]);
        Assert.Throws<ArgumentOutOfRangeException>(() => MappedFile.Open(Name, new() { OffsetBytes = offset, LengthBytes = length }));
    }

    [Fact]
    public void Bad_parts_are_refused_and_an_empty_file_has_none()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MappedFileOptions { OffsetBytes = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MappedFileOptions { LengthBytes = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => MappedFile.Create(Name, 0));
        File.Create(Name).Dispose();
        Assert.Throws<InvalidDataException>(() => MappedFile.Open(Name));
    }

    [Fact]
    public void A_part_far_behind_is_mapped_alone()
    {
        const long Offset = (5L << 30) + 17;
        using (FileStream file = File.Create(Name))
        {
            file.Position = Offset;
            file.WriteByte(9);
        }
        using MappedFile memory = MappedFile.Open(Name, new() { OffsetBytes = Offset });
        Assert.Equal([9], memory.Span.ToArray());
    }

    [Fact]
    public void Values_are_aligned_in_memory_not_in_the_part()
    {
        File.WriteAllBytes(Name, new byte[100]);
        using MappedFile memory = MappedFile.Open(Name, new() { OffsetBytes = 6 });
        memory.AsSpan<int>(2, 1)[0] = -1;
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.AsSpan<int>(0, 1).Length);
        Assert.Equal(255, File.ReadAllBytes(Name)[8]);
    }

    [Fact]
    public void Copied_on_write_it_leaves_the_file_as_it_is()
    {
        File.WriteAllText(Name, "original");
        File.SetUnixFileMode(Name, UnixFileMode.UserRead);
        using MappedFile copy = MappedFile.Open(Name, new() { Access = MemoryAccess.CopyOnWrite });
        copy.Span.Fill((byte)'x');
        copy.Flush();
        Assert.Equal("original", File.ReadAllText(Name));
        Assert.Throws<InvalidOperationException>(() => copy.Resize(100));
    }

    [Fact]
    public void It_grows_from_the_part_that_is_mapped()
    {
        using MappedFile first = MappedFile.Create(Name, 5000);
        using MappedFile part = MappedFile.Open(Name, new() { OffsetBytes = 4999 });
        part.Span[0] = 1;
        part.Resize(20_000);
        using MappedFile rest = part.MapAgain();
        Assert.Equal(1, part.Length);
        Assert.Equal(15_001, rest.Length);
        Assert.Equal(4999, rest.OffsetBytes);
        Assert.Equal(1, rest.Span[0]);
        Assert.Equal(20_000, new FileInfo(Name).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => part.Resize(4999));
    }

    [Fact]
    public void OpenOrCreate_makes_it_once_and_refuses_another_size()
    {
        using MappedFile made = MappedFile.OpenOrCreate(Name, 100, new() { Initialize = memory => memory.Span.Fill(1) });
        using MappedFile opened = MappedFile.OpenOrCreate(Name, 100, new() { Initialize = memory => memory.Span.Fill(2) });
        Assert.Equal(1, opened.Span[99]);
        Assert.Throws<InvalidDataException>(() => MappedFile.OpenOrCreate(Name, 99));
    }

    [Fact]
    public void An_open_file_is_mapped_by_its_descriptor()
    {
        File.WriteAllText(Name, "content");
        SafeFileHandle handle = LibC.Check(LibC.open(Name, LibC.O_RDONLY | LibC.O_CLOEXEC));
        UnauthorizedAccessException refused = Assert.Throws<UnauthorizedAccessException>(() => MappedFile.FromHandle(handle));
        Assert.Equal(Errno.EACCES, ((PosixException)refused.InnerException!).Errno);
        Assert.False(handle.IsClosed);
        using MappedFile memory = MappedFile.FromHandle(handle, new() { Access = MemoryAccess.Read, OffsetBytes = 3 });
        Assert.Equal("tent"u8, memory.ReadOnlySpan);
    }

    [Fact]
    public void Links_and_what_is_no_file_are_refused()
    {
        File.WriteAllText(Name, "content");
        File.CreateSymbolicLink(_directory["link"], Name);
        LibC.Check(LibC.mkfifo(_directory["fifo"], 0x180));
        Assert.Equal(Errno.ELOOP, Assert.Throws<PosixException>(() => MappedFile.Open(_directory["link"])).Errno);
        Assert.Equal(Errno.ELOOP, Assert.Throws<PosixException>(() => MappedFile.Unlink(_directory["link"])).Errno);
        Assert.Equal(Errno.EINVAL, Assert.Throws<PosixException>(() => MappedFile.Open(_directory["fifo"])).Errno);
        Assert.Equal(Errno.EINVAL, Assert.Throws<PosixException>(() => MappedFile.Open(_directory.Root)).Errno);
        Assert.Equal(Errno.EINVAL, Assert.Throws<PosixException>(() => MappedFile.Open("/dev/zero")).Errno);
        Assert.Equal(Errno.EINVAL, Assert.Throws<PosixException>(() => MappedFile.Unlink(_directory.Root)).Errno);
        MappedFile.Unlink(Name);
        Assert.False(File.Exists(Name));
    }

    [Fact]
    public void Without_nameless_files_it_is_made_under_a_temporary_name()
    {
        using (NewFile file = NewFile.WithTemporaryName(_directory.Root, Name))
        {
            using SafeFileHandle handle = file.Handle;
            string temporary = Assert.Single(Directory.GetFileSystemEntries(_directory.Root));
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(temporary));
            file.Publish(Name, Name, UnixFileMode.UserRead);
            Assert.Equal(Errno.EEXIST, Assert.Throws<PosixException>(() => file.Publish(Name, Name, UnixFileMode.UserRead)).Errno);
        }
        Assert.Equal([Name], Directory.GetFileSystemEntries(_directory.Root));
        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(Name));
    }

    private static void CreateWithUmask(string[] args)
    {
        _ = LibC.umask(Convert.ToUInt32(args[1], 8));
        Directory.SetCurrentDirectory(args[0]);
        MappedFile.Create("file", 1, new() { Mode = (UnixFileMode)Convert.ToInt32(args[2], 8) }).Dispose();
        Console.WriteLine("created");
    }

    private static void WriteAndWait(string[] args)
    {
        using MappedFile memory = MappedFile.Create(args[0], 13);
        "from the dead"u8.CopyTo(memory.Span);
        Console.WriteLine("written");
        Thread.Sleep(Timeout.Infinite);
    }
}
