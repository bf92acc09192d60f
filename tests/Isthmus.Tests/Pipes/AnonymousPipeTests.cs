using Isthmus.Native;
using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Pipes;

public sealed class AnonymousPipeTests
{
    [Fact]
    public void Bytes_come_out_in_the_order_they_went_in()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create();
        pipe.Writer.Write([1, 2, 3]);
        pipe.Writer.Write([4]);
        byte[] buffer = new byte[10];
        Assert.Equal(4, pipe.Reader.BytesWaiting);
        Assert.Equal(4, pipe.Writer.BytesWaiting);
        Assert.Equal(4, pipe.Reader.Read(buffer));
        Assert.Equal([1, 2, 3, 4], buffer[..4]);
    }

    [Fact]
    public void Descriptors_are_closed_on_exec()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create();
        Assert.Equal(LibC.FD_CLOEXEC, LibC.fcntl(pipe.Reader.Handle, LibC.F_GETFD));
        Assert.Equal(LibC.FD_CLOEXEC, LibC.fcntl(pipe.Writer.Handle, LibC.F_GETFD));
    }

    [Fact]
    public void Dispose_closes_both_ends()
    {
        AnonymousPipe pipe = AnonymousPipe.Create();
        pipe.Dispose();
        Assert.True(pipe.Reader.Handle.IsClosed && pipe.Writer.Handle.IsClosed);
        Assert.False(pipe.Reader.CanRead || pipe.Writer.CanWrite);
        Assert.Throws<ObjectDisposedException>(() => pipe.Reader.ReadByte());
        Assert.Throws<ObjectDisposedException>(() => pipe.Writer.WriteByte(1));
    }

    [Theory]
    [InlineData(1, 4096)]
    [InlineData(4096, 4096)]
    [InlineData(5000, 8192)]
    [InlineData(65_537, 131_072)]
    public void Capacity_is_rounded_up_to_a_power_of_two_of_pages(int asked, int given)
    {
        Assert.SkipUnless(Environment.SystemPageSize == 4096, "The numbers are those of 4 KiB pages.");
        using AnonymousPipe pipe = AnonymousPipe.Create(new AnonymousPipeOptions { Capacity = asked });
        Assert.Equal(given, pipe.Writer.Capacity);
        Assert.Equal(given, pipe.Reader.Capacity);
    }

    [Fact]
    public void A_capacity_below_what_is_waiting_throws_EBUSY()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create();
        pipe.Writer.Write(new byte[3 * Environment.SystemPageSize]);
        PosixException error = Assert.Throws<PosixException>(() => pipe.Reader.Capacity = Environment.SystemPageSize);
        Assert.Equal(Errno.EBUSY, error.Errno);
        Assert.Contains("read first", error.Message, StringComparison.Ordinal);
        Assert.Equal(65_536, pipe.Reader.Capacity);
    }

    [Fact]
    public void A_capacity_above_the_limit_throws_EPERM_and_leaves_no_descriptor()
    {
        const int CapSysResource = 24;
        string capabilities = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("CapEff:", StringComparison.Ordinal))[7..];
        Assert.SkipWhen((Convert.ToUInt64(capabilities.Trim(), 16) >> CapSysResource & 1) == 1, "CAP_SYS_RESOURCE lifts the limit.");
        int limit = int.Parse(File.ReadAllText("/proc/sys/fs/pipe-max-size"), System.Globalization.CultureInfo.InvariantCulture);
        UnauthorizedAccessException error = Assert.Throws<UnauthorizedAccessException>(
            () => AnonymousPipe.Create(new AnonymousPipeOptions { Capacity = limit + 1 }));
        Assert.Equal(Errno.EPERM, Assert.IsType<PosixException>(error.InnerException).Errno);
    }

    [Fact]
    public void A_capacity_that_is_not_positive_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new AnonymousPipeOptions { Capacity = 0 });
        using AnonymousPipe pipe = AnonymousPipe.Create();
        Assert.Throws<ArgumentOutOfRangeException>(() => pipe.Reader.Capacity = -1);
    }

    [Fact]
    public void Packets_keep_their_borders_in_packet_mode()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create(new AnonymousPipeOptions { PacketMode = true });
        pipe.Writer.Write([1, 2]);
        pipe.Writer.Write([3]);
        byte[] buffer = new byte[10];
        Assert.Equal(2, pipe.Reader.Read(buffer));
        Assert.Equal(1, pipe.Reader.Read(buffer));
    }

    [Fact]
    public void In_packet_mode_what_does_not_fit_into_the_buffer_is_lost()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create(new AnonymousPipeOptions { PacketMode = true });
        pipe.Writer.Write([1, 2, 3]);
        pipe.Writer.Write([4]);
        byte[] buffer = new byte[2];
        Assert.Equal(2, pipe.Reader.Read(buffer));
        Assert.Equal(1, pipe.Reader.Read(buffer));
        Assert.Equal(4, buffer[0]);
    }

    [Fact]
    public void In_packet_mode_a_write_beyond_the_atomic_size_becomes_several_packets()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create(new AnonymousPipeOptions { PacketMode = true });
        pipe.Writer.Write(new byte[PipeWriteEnd.AtomicWriteMax + 1]);
        byte[] buffer = new byte[3 * PipeWriteEnd.AtomicWriteMax];
        Assert.Equal(PipeWriteEnd.AtomicWriteMax, pipe.Reader.Read(buffer));
        Assert.Equal(1, pipe.Reader.Read(buffer));
    }

    [Fact]
    public void An_end_is_made_only_of_the_right_end_of_a_pipe()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create();
        Assert.Throws<ArgumentException>(() => PipeReadEnd.FromHandle(pipe.Writer.Handle));
        Assert.Throws<ArgumentException>(() => PipeWriteEnd.FromHandle(pipe.Reader.Handle));
        using SafeFileHandle file = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite);
        Assert.Contains("character device", Assert.Throws<ArgumentException>(() => PipeReadEnd.FromHandle(file)).Message, StringComparison.Ordinal);
        Assert.False(file.IsClosed);
        Assert.Throws<ArgumentNullException>(() => PipeReadEnd.FromHandle(null!));
    }

    [Fact]
    public void Ends_are_streams_without_position_and_of_one_direction()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create();
        Assert.True(pipe.Reader is { CanRead: true, CanWrite: false, CanSeek: false });
        Assert.True(pipe.Writer is { CanRead: false, CanWrite: true, CanSeek: false });
        Assert.Throws<NotSupportedException>(() => pipe.Reader.Length);
        Assert.Throws<NotSupportedException>(() => pipe.Reader.Position = 0);
        Assert.Throws<NotSupportedException>(() => pipe.Reader.Seek(0, SeekOrigin.Begin));
        Assert.Throws<NotSupportedException>(() => pipe.Writer.SetLength(0));
        Assert.Throws<NotSupportedException>(() => pipe.Reader.WriteByte(1));
        Assert.Throws<NotSupportedException>(() => pipe.Writer.ReadByte());
    }

    [Fact]
    public void Without_descriptors_left_Create_throws_EMFILE_and_leaks_none()
    {
        using Child child = Child.Start(CreateUntilRefused);
        Assert.Equal("EMFILE", child.ReadLine());
        Assert.Equal("refused EMFILE", child.ReadLine());
        Assert.Equal("again", child.ReadLine());
    }

    private static unsafe void CreateUntilRefused(string[] args)
    {
        // Before the limit: assemblies are files too.
        Console.WriteLine(PosixException.From(Errno.EMFILE, "warm-up") is PosixException { Errno: var errno } ? errno : default);
        AnonymousPipe.Create().Dispose();
        LibC.rlimit limit = new() { rlim_cur = 300, rlim_max = 300 };
        LibC.Check(LibC.prlimit(0, LibC.RLIMIT_NOFILE, &limit, null));
        List<AnonymousPipe> pipes = [];
        try
        {
            while (true)
            {
                pipes.Add(AnonymousPipe.Create());
            }
        }
        catch (PosixException error)
        {
            Console.WriteLine("refused " + error.Errno);
        }
        pipes[0].Dispose();
        AnonymousPipe.Create().Dispose();
        Console.WriteLine("again");
        pipes.ForEach(pipe => pipe.Dispose());
    }
}
