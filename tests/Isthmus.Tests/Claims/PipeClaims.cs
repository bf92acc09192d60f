using System.Diagnostics;
using Isthmus.Native;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Claims;

public sealed class PipeClaims
{
    [Fact]
    [Claim(10, "A pipe is one-way.", Verdict.True,
        "On Linux each end does one thing; other systems have pipes that go both ways. `DuplexPipe` is two.")]
    public unsafe void A_pipe_is_one_way()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create();
        byte value = 0;
        Assert.Equal(-1, LibC.write(pipe.Reader.Handle, &value, 1));
        Assert.Equal(Errno.EBADF, Errno.Last);
        Assert.Equal(-1, LibC.read(pipe.Writer.Handle, &value, 1));
        Assert.Equal(Errno.EBADF, Errno.Last);
    }

    [Fact]
    [Claim(11, "A pipe is a byte stream without records.", Verdict.HalfTrue,
        "Two writes come as one read; in packet mode (`O_DIRECT`, Linux 3.4) each write up to 4 KiB is a record.")]
    public void A_pipe_has_no_records_unless_it_is_asked_to()
    {
        byte[] buffer = new byte[100];
        using AnonymousPipe stream = AnonymousPipe.Create();
        stream.Writer.Write([1, 2]);
        stream.Writer.Write([3]);
        Assert.Equal(3, stream.Reader.Read(buffer));

        using AnonymousPipe packets = AnonymousPipe.Create(new AnonymousPipeOptions { PacketMode = true });
        packets.Writer.Write([1, 2]);
        packets.Writer.Write([3]);
        Assert.Equal(2, packets.Reader.Read(buffer));
    }

    [Fact]
    [Claim(12, "A pipe is first in, first out.", Verdict.True,
        "Bytes are read once, in the order in which they were written.")]
    public void A_pipe_keeps_the_order()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create();
        byte[] sent = [.. Enumerable.Range(0, 200).Select(number => (byte)number)];
        Array.ForEach(sent, value => pipe.Writer.Write([value]));
        byte[] received = new byte[sent.Length];
        pipe.Reader.ReadExactly(received);
        Assert.Equal(sent, received);
    }

    [Fact]
    [Claim(13, "A pipe cannot be seeked.", Verdict.True, "What was read is gone. `tee(2)` copies without reading.")]
    public void A_pipe_has_no_position()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create();
        Assert.False(pipe.Reader.CanSeek);
        Assert.Throws<NotSupportedException>(() => pipe.Reader.Seek(0, SeekOrigin.Begin));
    }

    [Fact]
    [Claim(14, "Only related processes can share a pipe.", Verdict.False,
        "Who may, opens it at `/proc/PID/fd/N`; and a Unix socket carries it to any process.")]
    public void A_process_that_inherited_nothing_reads_a_pipe()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create();
        string path = $"/proc/{Environment.ProcessId}/fd/{pipe.Reader.Handle.DangerousGetHandle()}";
        // head is a child only because a test has to start it; it is given a path and nothing else.
        ProcessStartInfo start = new("/usr/bin/head", ["-c", "5", path]) { RedirectStandardOutput = true };
        using Process other = Process.Start(start)!;
        pipe.Writer.Write("hello"u8);
        Assert.Equal("hello", other.StandardOutput.ReadToEnd());
        other.WaitForExit();
    }

    [Fact]
    [Claim(15, "A pipe holds one page.", Verdict.False,
        "16 pages since Linux 2.6.11; the capacity can be set up to `/proc/sys/fs/pipe-max-size`. Only a user with very many pipes gets one or two pages.")]
    public void A_pipe_holds_more_than_a_page()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create();
        Assert.Equal(16 * Environment.SystemPageSize, pipe.Reader.Capacity);
        pipe.Reader.Capacity = 1 << 20;
        Assert.Equal(1 << 20, pipe.Writer.Capacity);
    }

    [Fact]
    [Claim(16, "The writer of a pipe waits for its reader.", Verdict.HalfTrue,
        "Only when the pipe is full; until then nobody need read.")]
    public void A_writer_waits_only_when_the_pipe_is_full()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create();
        pipe.Writer.Write(new byte[pipe.Writer.Capacity]);
        Assert.False(pipe.Writer.TryWrite([1], TimeSpan.Zero, out _));
    }

    [Fact]
    [Claim(20, "A FIFO needs no common ancestor.", Verdict.True, "It is opened by its name.")]
    public void A_FIFO_joins_processes_by_its_name_alone()
    {
        using TemporaryDirectory directory = new();
        Fifo.Create(directory["fifo"]);
        ProcessStartInfo start = new("/bin/sh", ["-c", "echo hello > \"$0\"", directory["fifo"]]);
        using Process other = Process.Start(start)!;
        using PipeReadEnd reader = Fifo.OpenRead(directory["fifo"]);
        using StreamReader text = new(reader);
        Assert.Equal("hello", text.ReadLine());
        other.WaitForExit();
    }
}
