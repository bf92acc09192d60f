using System.Diagnostics;
using System.Net.Sockets;
using Isthmus.Native;
using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Pipes;

public sealed class FifoTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Name => _directory["fifo"];

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("000", "600")]
    [InlineData("777", "600")]
    [InlineData("077", "622")]
    public void Create_gives_the_mode_whatever_the_umask(string umask, string mode)
    {
        using Child child = Child.Start(CreateWithUmask, Name, umask, mode);
        Assert.Equal("created", child.ReadLine());
        Assert.Equal(mode, Octal(File.GetUnixFileMode(Name)));
        Assert.Equal([Name], Directory.GetFileSystemEntries(_directory.Root));
    }

    [Fact]
    public void Create_without_a_mode_is_for_the_owner_only()
    {
        Fifo.Create(Name);
        Assert.Equal("600", Octal(File.GetUnixFileMode(Name)));
    }

    [Fact]
    public void Create_when_name_exists_throws_EEXIST_and_leaves_nothing_behind()
    {
        File.WriteAllText(Name, "something else");
        PosixException error = Assert.Throws<PosixException>(() => Fifo.Create(Name));
        Assert.Equal(Errno.EEXIST, error.Errno);
        Assert.Equal([Name], Directory.GetFileSystemEntries(_directory.Root));
        Assert.Equal("something else", File.ReadAllText(Name));
    }

    [Fact]
    public void Create_in_a_directory_that_is_not_there_throws_ENOENT() =>
        Assert.Throws<FileNotFoundException>(() => Fifo.Create(_directory["no/fifo"]));

    [Fact]
    public void Create_takes_a_name_without_a_directory()
    {
        using Child child = Child.Start(CreateInWorkingDirectory, _directory.Root);
        Assert.Equal("created", child.ReadLine());
        Assert.True(File.Exists(Name));
    }

    [Fact]
    public void Bytes_go_from_one_end_to_the_other()
    {
        Fifo.Create(Name);
        using PipeReadEnd reader = Fifo.OpenRead(Name);
        using PipeWriteEnd writer = Fifo.OpenWrite(Name);
        writer.Write([1, 2, 3]);
        byte[] buffer = new byte[10];
        Assert.Equal(3, reader.Read(buffer));
        writer.Dispose();
        Assert.Equal(0, reader.Read(buffer));
    }

    [Fact]
    public async Task Before_the_first_writer_a_read_waits_and_does_not_report_the_end()
    {
        Fifo.Create(Name);
        using PipeReadEnd reader = Fifo.OpenRead(Name);
        byte[] buffer = new byte[10];
        Assert.False(reader.TryRead(buffer, TimeSpan.Zero, out _));
        Assert.False(reader.TryRead(buffer, TimeSpan.FromMilliseconds(5), out _));
        Task<int> read = reader.ReadAsync(buffer).AsTask();
        using PipeWriteEnd writer = Fifo.OpenWrite(Name);
        Assert.False(read.IsCompleted);
        writer.Write([7]);
        Assert.Equal(1, await read.OrHang());
        Assert.False(reader.TryRead(buffer, TimeSpan.Zero, out _));
    }

    [Fact]
    public void A_sync_read_waits_for_the_first_writer_too()
    {
        Fifo.Create(Name);
        using PipeReadEnd reader = Fifo.OpenRead(Name);
        Blocked read = Blocked.In(() => Assert.Equal(5, reader.ReadByte()));
        using PipeWriteEnd writer = Fifo.OpenWrite(Name);
        writer.WriteByte(5);
        read.Join();
    }

    [Fact]
    public async Task A_writer_that_came_and_left_without_a_word_is_the_end()
    {
        Fifo.Create(Name);
        using PipeReadEnd reader = Fifo.OpenRead(Name);
        Task<int> read = reader.ReadAsync(new byte[10]).AsTask();
        Fifo.OpenWrite(Name).Dispose();
        Assert.Equal(0, await read.OrHang());
    }

    [Fact]
    public void After_the_end_the_next_writer_is_heard()
    {
        Fifo.Create(Name);
        using PipeReadEnd reader = Fifo.OpenRead(Name);
        Fifo.OpenWrite(Name).Dispose();
        Assert.Equal(-1, reader.ReadByte());
        using PipeWriteEnd next = Fifo.OpenWrite(Name);
        next.WriteByte(9);
        Assert.Equal(9, reader.ReadByte());
    }

    [Fact]
    public void A_reader_that_keeps_it_open_sees_no_end_between_two_writers()
    {
        Fifo.Create(Name);
        using PipeReadEnd reader = Fifo.OpenRead(Name, new FifoOpenOptions { KeepOpen = true });
        for (byte i = 0; i < 3; i++)
        {
            using (PipeWriteEnd writer = Fifo.OpenWrite(Name))
            {
                writer.WriteByte(i);
            }
            Assert.Equal(i, reader.ReadByte());
            Assert.False(reader.TryRead(new byte[1], TimeSpan.Zero, out _));
        }
    }

    [Fact]
    public void A_writer_cannot_keep_it_open() =>
        Assert.Throws<ArgumentException>(() => Fifo.OpenWrite(Name, new FifoOpenOptions { KeepOpen = true }));

    [Fact]
    public void A_sync_writer_blocks_until_a_reader_comes()
    {
        Fifo.Create(Name);
        Blocked writer = Blocked.In(() => Fifo.OpenWrite(Name).Dispose());
        using PipeReadEnd reader = Fifo.OpenRead(Name);
        writer.Join();
        Assert.Equal(-1, reader.ReadByte());
    }

    [Fact]
    public void A_timed_writer_gives_up_when_no_reader_came_and_never_early()
    {
        Fifo.Create(Name);
        TimeSpan timeout = TimeSpan.FromMilliseconds(20);
        long start = Stopwatch.GetTimestamp();
        Assert.False(Fifo.TryOpenWrite(Name, timeout, out PipeWriteEnd? writer));
        Assert.True(Stopwatch.GetElapsedTime(start) >= timeout);
        Assert.Null(writer);
        Assert.False(Fifo.TryOpenWrite(Name, TimeSpan.Zero, out _));
    }

    [Fact]
    public void A_timed_writer_finds_a_reader_that_comes_later()
    {
        Fifo.Create(Name);
        Blocked open = Blocked.In(() =>
        {
            Assert.True(Fifo.TryOpenWrite(Name, Timeout.InfiniteTimeSpan, out PipeWriteEnd? writer));
            writer.Dispose();
        });
        using PipeReadEnd reader = Fifo.OpenRead(Name);
        open.Join();
    }

    [Fact]
    public async Task An_async_writer_waits_for_a_reader()
    {
        Fifo.Create(Name);
        Task<PipeWriteEnd> open = Fifo.OpenWriteAsync(Name).AsTask();
        Assert.False(open.IsCompleted);
        using PipeReadEnd reader = Fifo.OpenRead(Name);
        using PipeWriteEnd writer = await open.OrHang();
        await writer.WriteAsync(new byte[] { 3 });
        Assert.Equal(3, reader.ReadByte());
    }

    [Fact]
    public async Task Cancelling_a_writer_that_waits_for_its_reader_leaves_nothing_open()
    {
        Fifo.Create(Name);
        using CancellationTokenSource cancel = new();
        Task<PipeWriteEnd> open = Fifo.OpenWriteAsync(Name, cancellationToken: cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => open.OrHang());
        // A writer that had been there would make the reader see an end.
        using PipeReadEnd reader = Fifo.OpenRead(Name);
        Assert.False(reader.TryRead(new byte[1], TimeSpan.FromMilliseconds(60), out _));
    }

    [Fact]
    public async Task A_read_can_be_cancelled_while_no_writer_is_there()
    {
        Fifo.Create(Name);
        using PipeReadEnd reader = Fifo.OpenRead(Name);
        using CancellationTokenSource cancel = new();
        Task<int> read = reader.ReadAsync(new byte[10], cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.OrHang());
    }

    [Fact]
    public async Task Unlink_while_a_writer_waits_ends_its_wait()
    {
        Fifo.Create(Name);
        Task<PipeWriteEnd> open = Fifo.OpenWriteAsync(Name).AsTask();
        Fifo.Unlink(Name);
        await Assert.ThrowsAsync<FileNotFoundException>(() => open.OrHang());
    }

    [Fact]
    public void Unlink_removes_the_name_and_open_ends_go_on()
    {
        Fifo.Create(Name);
        using PipeReadEnd reader = Fifo.OpenRead(Name);
        using PipeWriteEnd writer = Fifo.OpenWrite(Name);
        Fifo.Unlink(Name);
        Assert.Throws<FileNotFoundException>(() => Fifo.OpenRead(Name));
        Assert.Throws<FileNotFoundException>(() => Fifo.Unlink(Name));
        writer.WriteByte(1);
        Assert.Equal(1, reader.ReadByte());
    }

    [Fact]
    public void Writing_after_the_reader_left_throws_EPIPE()
    {
        Fifo.Create(Name);
        PipeReadEnd reader = Fifo.OpenRead(Name);
        using PipeWriteEnd writer = Fifo.OpenWrite(Name);
        reader.Dispose();
        Broken.Pipe(() => writer.WriteByte(1));
    }

    [Fact]
    public void A_symbolic_link_at_the_name_is_refused()
    {
        Fifo.Create(_directory["real"]);
        File.CreateSymbolicLink(Name, _directory["real"]);
        AssertRefused(Errno.ELOOP, "symbolic link");
    }

    [Fact]
    public void Another_kind_of_file_at_the_name_is_refused_and_left_alone()
    {
        File.WriteAllText(Name, "data");
        AssertRefused(Errno.EINVAL, "regular file");
        Assert.Equal("data", File.ReadAllText(Name));
        File.Delete(Name);

        Directory.CreateDirectory(Name);
        AssertRefused(Errno.EINVAL, "directory");
        Directory.Delete(Name);

        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Name));
        AssertRefused(Errno.EINVAL, "socket");
    }

    [Fact]
    public void A_FIFO_of_another_user_is_refused_unless_any_owner_is_accepted()
    {
        Assert.SkipUnless(LibC.geteuid() == 0, "Only root can give a file away.");
        Fifo.Create(Name);
        Peer.Run("chown", ["65534", Name]);
        UnauthorizedAccessException error = Assert.Throws<UnauthorizedAccessException>(() => Fifo.OpenRead(Name));
        Assert.Contains("65534", error.Message, StringComparison.Ordinal);
        Fifo.OpenRead(Name, new FifoOpenOptions { AnyOwner = true }).Dispose();
    }

    [Fact]
    public void Descriptors_are_closed_on_exec_and_blocking()
    {
        Fifo.Create(Name);
        using PipeReadEnd reader = Fifo.OpenRead(Name);
        Assert.True(Fifo.TryOpenWrite(Name, TimeSpan.Zero, out PipeWriteEnd? writer));
        using (writer)
        {
            Assert.All<SafeFileHandle>([reader.Handle, writer.Handle], handle =>
            {
                Assert.Equal(LibC.FD_CLOEXEC, LibC.fcntl(handle, LibC.F_GETFD));
                Assert.Equal(0, LibC.fcntl(handle, LibC.F_GETFL) & LibC.O_NONBLOCK);
            });
        }
    }

    [Fact]
    public void The_shells_cat_reads_what_we_write()
    {
        Fifo.Create(Name);
        using Process cat = Process.Start(new ProcessStartInfo(Peer.Require("cat"), [Name]) { RedirectStandardOutput = true })!;
        using (PipeWriteEnd writer = Fifo.OpenWrite(Name))
        {
            writer.Write("hello\n"u8);
        }
        Assert.Equal("hello\n", cat.StandardOutput.ReadToEnd());
        Assert.True(cat.WaitForExit(Child.Limit));
    }

    [Fact]
    public async Task We_read_what_socat_writes()
    {
        Fifo.Create(Name);
        using PipeReadEnd reader = Fifo.OpenRead(Name);
        using StreamReader text = new(reader);
        Task<string> all = text.ReadToEndAsync(TestContext.Current.CancellationToken);
        (string errors, int exitCode) = Peer.Run("socat", ["-u", "STDIN", "OPEN:" + Name + ",wronly"], "from socat");
        Assert.Equal("", errors);
        Assert.Equal(0, exitCode);
        Assert.Equal("from socat", await all.OrHang());
    }

    private static void CreateWithUmask(string[] args)
    {
        _ = LibC.umask(Convert.ToUInt32(args[1], 8));
        Fifo.Create(args[0], (UnixFileMode)Convert.ToInt32(args[2], 8));
        Console.WriteLine("created");
    }

    private static void CreateInWorkingDirectory(string[] args)
    {
        Directory.SetCurrentDirectory(args[0]);
        Fifo.Create("fifo");
        Console.WriteLine("created");
    }

    private static string Octal(UnixFileMode mode) => Convert.ToString((int)mode, 8);

    private void AssertRefused(Errno errno, string kind)
    {
        Action[] calls =
        [
            () => Fifo.OpenRead(Name),
            () => Fifo.OpenWrite(Name),
            () => Fifo.TryOpenWrite(Name, TimeSpan.Zero, out _),
            () => Fifo.Unlink(Name),
        ];
        Assert.All(calls, call =>
        {
            PosixException error = Assert.Throws<PosixException>(call);
            Assert.Equal(errno, error.Errno);
            Assert.Contains(kind, error.Message, StringComparison.Ordinal);
        });
    }
}
