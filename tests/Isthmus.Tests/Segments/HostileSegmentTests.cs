using System.Diagnostics;
using Isthmus.Native;
using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Segments;

/// <summary>Whatever stands at a name: a clear error that says what is wrong, and it is left alone.</summary>
public sealed class HostileSegmentTests : IDisposable
{
    private const UnixFileMode OwnersOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryDirectory _directory = new();

    private string Root => _directory.Root;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_symbolic_link_is_not_followed()
    {
        TestKind.Create(Root, "real").Dispose();
        File.CreateSymbolicLink(_directory["x"], _directory["real"]);
        AssertRefused(Errno.ELOOP, "symbolic link");
    }

    [Fact]
    public void A_dangling_link_is_not_followed_when_something_is_made()
    {
        File.CreateSymbolicLink(_directory["x"], _directory["target"]);
        AssertRefused(Errno.ELOOP, "symbolic link");
        Assert.False(File.Exists(_directory["target"]));
    }

    [Fact]
    public void A_FIFO_holds_nobody()
    {
        LibC.Check(LibC.mkfifo(_directory["x"], 0x180));
        AssertRefused(Errno.EINVAL, "FIFO");
    }

    [Fact]
    public void A_directory_is_refused()
    {
        Directory.CreateDirectory(_directory["x"]);
        AssertRefused(Errno.EINVAL, "directory");
    }

    [Fact]
    public void A_device_is_refused()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only the superuser can make a device.");
        Assert.Equal(("", 0), Peer.Run("mknod", [_directory["x"], "c", "1", "5"]));
        AssertRefused(Errno.EINVAL, "character device");
    }

    [Fact]
    public void A_second_name_is_refused()
    {
        TestKind.Create(Root).Dispose();
        Assert.Equal(("", 0), Peer.Run("ln", [_directory["x"], _directory["y"]]));
        AssertRefused(Errno.EMLINK, "2 names");
    }

    [Theory]
    [InlineData(UnixFileMode.GroupWrite, "0620")]
    [InlineData(UnixFileMode.OtherWrite, "0602")]
    public void A_file_that_others_may_write_is_refused_unless_accepted(UnixFileMode more, string mode)
    {
        TestKind.Create(Root).Dispose();
        File.SetUnixFileMode(_directory["x"], OwnersOnly | more);
        AssertRefused(Errno.EPERM, mode);
        Segment.Open(TestKind.Mutex, "x", TestKind.In(Root) with { Mode = OwnersOnly | more }).Dispose();
        Segment.Open(TestKind.Mutex, "x", TestKind.In(Root) with { AnyOwner = true }).Dispose();
    }

    [Theory]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite | UnixFileMode.StickyBit)]
    public void A_directory_that_others_may_write_is_refused_unless_accepted(UnixFileMode more)
    {
        TestKind.Create(Root).Dispose();
        File.SetUnixFileMode(Root, OwnersOnly | UnixFileMode.UserExecute | more);
        AssertRefused(Errno.EPERM, "other users could exchange");
        Assert.Equal(Errno.EPERM, ErrnoOf(() => TestKind.Create(Root, "new")));
        Segment.Open(TestKind.Mutex, "x", TestKind.In(Root) with { AnyOwner = true }).Dispose();
    }

    [Fact]
    public void A_directory_behind_a_link_is_refused()
    {
        Directory.CreateDirectory(_directory["real"]);
        File.CreateSymbolicLink(_directory["link"], _directory["real"]);
        Assert.Equal(Errno.ELOOP, ErrnoOf(() => TestKind.Create(_directory["link"])));
        Assert.Equal(Errno.ELOOP, ErrnoOf(() => TestKind.Create(_directory["link"] + "/")));
        Assert.Equal(Errno.ELOOP, ErrnoOf(() => TestKind.Open(_directory["link"])));
    }

    [Fact]
    public void A_directory_that_is_none_is_refused()
    {
        File.WriteAllText(_directory["file"], "");
        Assert.Equal(Errno.ENOTDIR, ErrnoOf(() => TestKind.Create(_directory["file"])));
    }

    [Fact]
    public void What_another_user_has_planted_is_refused_unless_accepted()
    {
        File.SetUnixFileMode(Root, (UnixFileMode)0x1FF);
        Assert.Equal("made\n", Elsewhere.AsNobody(PlantBody, Root));
        File.SetUnixFileMode(Root, OwnersOnly | UnixFileMode.UserExecute);
        AssertRefused(Errno.EPERM, "65534");
        using Segment segment = Segment.Open(TestKind.Mutex, "x", TestKind.In(Root) with { AnyOwner = true });
        Assert.Equal(0, segment.Slot);
    }

    [Fact]
    public void A_directory_of_another_user_is_refused_unless_accepted()
    {
        TestKind.Create(Root).Dispose();
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only the superuser can give files away.");
        LibC.Check(LibC.lchown(Root, Elsewhere.Nobody, Elsewhere.Nobody));
        AssertRefused(Errno.EPERM, "65534");
        Segment.Open(TestKind.Mutex, "x", TestKind.In(Root) with { AnyOwner = true }).Dispose();
    }

    [Fact]
    public void Another_user_cannot_open_ours()
    {
        TestKind.Create(Root).Dispose();
        File.SetUnixFileMode(Root, (UnixFileMode)0x1ED);
        Assert.Equal("EACCES\n", Elsewhere.AsNobody(OpenBody, Root));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4095)]
    [InlineData(65_535)]
    [InlineData(65_537)]
    [InlineData(131_072)]
    public void A_file_of_another_size_is_refused(long size)
    {
        TestKind.Create(Root).Dispose();
        using (SafeFileHandle file = File.OpenHandle(_directory["x"], FileMode.Open, FileAccess.Write))
        {
            RandomAccess.SetLength(file, size);
        }
        AssertInvalid($"has {size} bytes");
        Assert.Equal(size, new FileInfo(_directory["x"]).Length);
    }

    [Fact]
    public void A_file_of_somebody_else_is_refused()
    {
        File.WriteAllBytes(_directory["x"], new byte[65_536]);
        AssertInvalid("does not begin with ISTHMUS");
    }

    [Theory]
    [InlineData(2, 7)]
    [InlineData(0, 0)]
    [InlineData(uint.MaxValue, uint.MaxValue)]
    public void Another_version_of_the_format_is_refused_naming_both(uint major, uint minor)
    {
        Change((ref SegmentHeader header) => (header.MajorVersion, header.MinorVersion) = (major, minor));
        AssertInvalid($"version {major}.{minor}, this program 1.0");
    }

    [Fact]
    public void A_higher_minor_version_and_unknown_optional_features_are_accepted()
    {
        Change((ref SegmentHeader header) => (header.MinorVersion, header.OptionalFeatures) = (uint.MaxValue, ulong.MaxValue));
        TestKind.Open(Root).Dispose();
    }

    [Fact]
    public void Unknown_required_features_are_refused()
    {
        Change((ref SegmentHeader header) => header.RequiredFeatures = 0xA0);
        AssertInvalid("features 0xa0");
    }

    [Fact]
    public void A_segment_that_has_been_replaced_is_refused()
    {
        Change((ref SegmentHeader header) => header.Successor = 0xABC);
        AssertInvalid("0000000000000abc");
    }

    [Fact]
    public void Another_kind_is_refused_naming_both()
    {
        SegmentKind other = new(1, "SharedThing", "", TestKind.Mutex.Recover);
        Segment.Create(other, "x", TestKind.In(Root), [], []).Dispose();
        AssertInvalid("is of the kind SharedThing (1), not TestMutex (32343)");
    }

    [Fact]
    public void Another_layout_of_the_same_kind_is_refused_naming_both()
    {
        SegmentKind other = TestKind.Mutex with { };
        SegmentKind newer = new(other.Id, other.Name, "mutex word at line 1", other.Recover);
        Segment.Create(newer, "x", TestKind.In(Root), [], []).Dispose();
        AssertInvalid($"layout {newer.LayoutHash:x16}, and this program's TestMutex has {other.LayoutHash:x16}");
    }

    [Fact]
    public void A_kind_that_calls_itself_something_strange_is_named_safely()
    {
        Change((ref SegmentHeader header) =>
        {
            header.Kind = 9;
            ((Span<byte>)header.KindName).Fill(0x1B);
        });
        AssertInvalid($"is of the kind {new string('?', 32)} (9)");
    }

    [Fact]
    public void Whoever_holds_the_door_for_ever_holds_nobody_for_ever()
    {
        TestKind.Create(Root).Dispose();
        using FileLock door = FileLock.Open(_directory["x"], new() { Range = new FileLockRange(0, 1) });
        door.Acquire();
        Stopwatch clock = Stopwatch.StartNew();
        AssertOpenFails(error => Assert.Equal(Errno.EAGAIN, Assert.IsType<PosixException>(error).Errno));
        Assert.True(clock.Elapsed >= TimeSpan.FromSeconds(2));
    }

    private void Change(SegmentBytes.HeaderChange change)
    {
        TestKind.Create(Root).Dispose();
        SegmentBytes.Change(_directory["x"], change);
    }

    private void AssertInvalid(string text)
    {
        byte[] before = File.ReadAllBytes(_directory["x"]);
        AssertAllFail(error => Assert.Contains(text, Assert.IsType<InvalidDataException>(error).Message, StringComparison.Ordinal));
        Assert.Equal(before, File.ReadAllBytes(_directory["x"]));
    }

    private void AssertRefused(Errno errno, string text) => AssertAllFail(error =>
    {
        Assert.Equal(errno, ErrnoOf(error));
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    });

    private void AssertAllFail(Action<Exception> check)
    {
        AssertOpenFails(check);
        Exception? made = Record.Exception(() => Segment.OpenOrCreate(TestKind.Mutex, "x", TestKind.In(Root), [], []));
        check(Assert.IsType<Exception>(made, exactMatch: false));
        check(Assert.IsType<Exception>(Record.Exception(() => SegmentSnapshot.Take(TestKind.Mutex, "x", TestKind.In(Root))), exactMatch: false));
    }

    private void AssertOpenFails(Action<Exception> check) =>
        check(Assert.IsType<Exception>(Record.Exception(() => TestKind.Open(Root)), exactMatch: false));

    private static Errno ErrnoOf(Action action) => ErrnoOf(Record.Exception(action)!);

    private static Errno ErrnoOf(Exception error) => ((error as PosixException) ?? (PosixException)error.InnerException!).Errno;

    private static void PlantBody(string[] args)
    {
        Segment.Create(TestKind.Mutex, "x", TestKind.In(args[0]) with { AnyOwner = true }, [], []).Dispose();
        Console.WriteLine("made");
    }

    private static void OpenBody(string[] args) =>
        Console.WriteLine(ErrnoOf(() => Segment.Open(TestKind.Mutex, "x", TestKind.In(args[0]) with { AnyOwner = true })));
}
