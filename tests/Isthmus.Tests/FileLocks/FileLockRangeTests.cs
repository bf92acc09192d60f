using Isthmus.Native;
using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.FileLocks;

public sealed class FileLockRangeTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly SafeFileHandle _file;

    public FileLockRangeTests() => _file = OpenFile();

    public static TheoryData<FileLockKind> Kinds => [FileLockKind.Ofd, FileLockKind.Posix];

    private string Name => _directory["file"];

    public void Dispose()
    {
        _file.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void A_range_has_its_limits()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FileLockRange(-1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FileLockRange(0, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FileLockRange(long.MaxValue, 2));
        Assert.Equal(default, FileLockRange.All);
        foreach (FileLockRange range in (FileLockRange[])[new(long.MaxValue, 1), new(0, long.MaxValue), new(1, long.MaxValue), new(long.MaxValue, 0)])
        {
            using FileLock edge = On(FileLockKind.Ofd, range);
            Assert.True(edge.TryAcquire());
            // The kernel knows no difference between the last byte and all that follow.
            Assert.Equal(range.Start, Assert.Single(Held(FileLockKind.Ofd)).Range.Start);
            edge.Release();
            Assert.Empty(Held(FileLockKind.Ofd));
        }
    }

    [Theory]
    [InlineData(0, 10, 10, 10, true)]
    [InlineData(0, 11, 10, 10, false)]
    [InlineData(10, 10, 0, 10, true)]
    [InlineData(5, 0, 1_000_000_000_000, 1, false)]
    [InlineData(5, 0, 0, 5, true)]
    [InlineData(0, 0, 7, 1, false)]
    public void Only_common_bytes_conflict_also_beyond_the_end_of_the_file(long start, long length, long otherStart, long otherLength, bool goTogether)
    {
        using SafeFileHandle second = OpenFile();
        using FileLock one = On(FileLockKind.Ofd, new(start, length));
        using FileLock two = FileLock.On(second, new() { Range = new(otherStart, otherLength) });
        one.Acquire();
        Assert.Equal(goTogether, two.TryAcquire());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Releasing_the_middle_splits_and_filling_the_gap_merges(FileLockKind kind)
    {
        using FileLock all = On(kind, new(0, 100));
        using FileLock middle = On(kind, new(40, 20));
        all.Acquire();
        middle.Acquire();
        Assert.Equal([new(0, 100)], Ranges(kind));
        middle.Release();
        Assert.Equal([new(0, 40), new(60, 40)], Ranges(kind));
        middle.Acquire();
        Assert.Equal([new(0, 100)], Ranges(kind));
        middle.ChangeMode(FileLockMode.Shared);
        Assert.Equal([new(0, 40), new(40, 20), new(60, 40)], Ranges(kind));
        Assert.Equal([FileLockMode.Exclusive, FileLockMode.Shared, FileLockMode.Exclusive], Held(kind).Select(holder => holder.Mode));
    }

    [Theory]
    [InlineData(0, 10, "10+90")]
    [InlineData(90, 10, "0+90")]
    [InlineData(0, 200, "")]
    [InlineData(50, 0, "0+50")]
    public void Releasing_start_end_or_more_cuts(long start, long length, string left)
    {
        using FileLock all = On(FileLockKind.Ofd, new(0, 100));
        using FileLock part = On(FileLockKind.Ofd, new(start, length));
        all.Acquire();
        part.Acquire();
        part.Release();
        Assert.Equal(left, string.Join(',', Ranges(FileLockKind.Ofd).Select(range => $"{range.Start}+{range.Length}")));
    }

    private FileLock On(FileLockKind kind, FileLockRange range) => FileLock.On(_file, new() { Kind = kind, Range = range });

    private IEnumerable<FileLockRange> Ranges(FileLockKind kind) => Held(kind).Select(holder => holder.Range);

    private FileLockHolder[] Held(FileLockKind kind) =>
    [
        .. from holder in FileLock.FindHolders(_file)
           where holder.ProcessId == Environment.ProcessId && holder.Kind == kind
           orderby holder.Range.Start
           select holder,
    ];

    private SafeFileHandle OpenFile() => LibC.Check(LibC.open(Name, LibC.O_RDWR | LibC.O_CREAT | LibC.O_CLOEXEC, 0x180));
}
