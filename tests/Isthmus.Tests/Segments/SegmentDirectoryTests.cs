using System.Globalization;
using Isthmus.Native;
using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Segments;

/// <summary>Where names stand: who may enter, what is listed, what may be removed, what a lack of space does.</summary>
public sealed class SegmentDirectoryTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private SharedObjectOptions Here => TestKind.In(_directory.Root);

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("0")]
    [InlineData("0777")]
    public void The_directory_of_a_user_is_0700_and_a_segment_0600_whatever_the_umask(string umask) =>
        Assert.Equal("700 600\n", InOwnSharedMemory($"umask {umask}", CreateInOwnDirectory));

    [Theory]
    [InlineData("mkdir -m 0755 $D", "0755")]
    [InlineData("mkdir -m 0710 $D", "0710")]
    [InlineData("mkdir -m 0700 /dev/shm/real && ln -s real $D", "symbolic link")]
    [InlineData("mkdir -m 0700 $D && chown 65534 $D", "65534")]
    [InlineData("touch $D", "not a directory")]
    public void A_directory_that_somebody_has_planted_for_a_user_is_refused(string command, string reason) => Assert.Contains(
        reason, InOwnSharedMemory(string.Create(CultureInfo.InvariantCulture, $"D=/dev/shm/isthmus-{LibC.geteuid()}; {command}"), CreateInOwnDirectory),
        StringComparison.Ordinal);

    [Fact]
    public void A_full_tmpfs_is_an_error_when_a_segment_is_made_and_leaves_nothing() =>
        Assert.Equal("ENOSPC 1\n", InOwnSharedMemory("true", FillUp));

    [Fact]
    public void A_mode_that_is_asked_for_is_there_with_the_name()
    {
        UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
        using Segment segment = Segment.Create(TestKind.Mutex, "x", Here with { Mode = mode }, [], []);
        Assert.Equal(mode, File.GetUnixFileMode(_directory["x"]));
    }

    [Fact]
    public void A_directory_tells_what_stands_in_it()
    {
        Assert.Empty(SegmentDirectory.List(TestKind.In(_directory["nowhere"])));
        using Segment used = TestKind.Create(_directory.Root, "used");
        TestKind.Create(_directory.Root, "unused").Dispose();
        File.WriteAllText(_directory["other"], "something");
        LibC.Check(LibC.mkfifo(_directory[".bell"], 0x180));

        IReadOnlyList<SegmentEntry> entries = SegmentDirectory.List(Here);

        Assert.Equal(["other", "unused", "used"], entries.Select(each => each.Name));
        Assert.Contains("fewer than any segment", entries[0].Problem, StringComparison.Ordinal);
        Assert.Equal(("TestMutex", true, null), (entries[1].Kind, entries[1].IsUnused, entries[1].Problem));
        Assert.Equal(("TestMutex", false, used.Id), (entries[2].Kind, entries[2].IsUnused, entries[2].Id));
    }

    [Fact]
    public void Only_what_nobody_uses_is_removed()
    {
        Segment segment = TestKind.Create(_directory.Root);
        Assert.False(SegmentDirectory.TryRemoveUnused("x", Here));
        segment.Dispose();
        using (SafeFileHandle file = File.OpenHandle(_directory["x"], FileMode.Open, FileAccess.ReadWrite))
        using (SegmentDoor.Enter(file, "x"))
        {
            // Somebody is just attaching.
            Assert.False(SegmentDirectory.TryRemoveUnused("x", Here));
        }
        Assert.True(SegmentDirectory.TryRemoveUnused("x", Here));
        Assert.Throws<FileNotFoundException>(() => SegmentDirectory.TryRemoveUnused("x", Here));
    }

    [Fact]
    public void What_is_no_segment_is_never_removed()
    {
        File.WriteAllBytes(_directory["x"], new byte[65_536]);
        Assert.Throws<InvalidDataException>(() => SegmentDirectory.TryRemoveUnused("x", Here));
        Assert.True(File.Exists(_directory["x"]));
    }

    [Fact]
    public async Task Whoever_attaches_while_others_clean_is_in_a_segment_that_has_its_name()
    {
        using CancellationTokenSource enough = new();
        Task<int> cleaner = Task.Run(() =>
        {
            int removed = 0;
            while (!enough.IsCancellationRequested)
            {
                try
                {
                    removed += SegmentDirectory.TryRemoveUnused("x", Here) ? 1 : 0;
                }
                catch (FileNotFoundException)
                {
                    // It was just removed.
                }
            }
            return removed;
        });
        int made = 0;
        // On, until somebody has come to be removed: the cleaner may start late.
        for (int round = 0; round < 500 || made < 2; round++)
        {
            using Segment segment = Segment.OpenOrCreate(TestKind.Mutex, "x", Here, [], []);
            made += segment.IsCreator ? 1 : 0;
            Assert.False(segment.HasLostName);
        }
        await enough.CancelAsync();
        Assert.InRange(await cleaner.OrHang(), made - 1, made);
    }

    private static void CreateInOwnDirectory(string[] args)
    {
        try
        {
            Segment.Create(TestKind.Mutex, "x", new(), [], []).Dispose();
            string directory = SegmentDirectory.Default;
            Console.WriteLine($"{Octal(directory)} {Octal(Path.Combine(directory, "x"))}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Console.WriteLine(error.Message);
        }
    }

    private static string Octal(string path) => Convert.ToString((int)File.GetUnixFileMode(path), 8);

    // A small file first: what is left of 1 MiB is too little for the other one.
    private static void FillUp(string[] args)
    {
        using Segment segment = TestKind.Create("/dev/shm", "small");
        PosixException error = Assert.Throws<PosixException>(
            () => Segment.Create(TestKind.Mutex, "large", TestKind.In("/dev/shm"), [], [], dataSize: 2 << 20));
        Console.WriteLine($"{error.Errno} {Directory.GetFiles("/dev/shm").Length}");
    }

    // In a mount namespace, where /dev/shm is 1 MiB of its own.
    private static string InOwnSharedMemory(string command, Action<string[]> body)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only the superuser can mount.");
        (string output, int exitCode) = Peer.Run(
            "unshare",
            [
                "--mount", "sh", "-c", $"mount -t tmpfs -o size=1m,mode=0755 none /dev/shm && {command} && exec \"$@\"", "sh",
                Environment.ProcessPath!, .. Child.Arguments(body),
            ]);
        Assert.True(exitCode == 0, output);
        return output;
    }
}
