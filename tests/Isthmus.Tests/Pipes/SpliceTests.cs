using Isthmus.Native;
using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Pipes;

/// <summary>Moving bytes inside the kernel: SpliceTo, SpliceFrom, TeeTo, VmSplice.</summary>
public sealed class SpliceTests : IDisposable
{
    private readonly AnonymousPipe _pipe = AnonymousPipe.Create();
    private readonly AnonymousPipe _other = AnonymousPipe.Create();
    private readonly TemporaryDirectory _directory = new();

    public void Dispose()
    {
        _pipe.Dispose();
        _other.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void SpliceTo_moves_bytes_into_a_file_at_its_position_or_at_an_offset()
    {
        using (SafeFileHandle file = File.OpenHandle(_directory["file"], FileMode.CreateNew, FileAccess.Write))
        {
            _pipe.Writer.Write("abcdef"u8);
            Assert.Equal(3, _pipe.Reader.SpliceTo(file, 3));
            Assert.Equal(3, _pipe.Reader.SpliceTo(file, 100, offset: 5));
        }
        Assert.Equal("abc\0\0def", File.ReadAllText(_directory["file"]));
        Assert.Equal(0, _pipe.Reader.BytesWaiting);
    }

    [Fact]
    public void SpliceTo_gives_0_at_the_end_and_blocks_before()
    {
        Blocked splice = Blocked.In(() => Assert.Equal(0, _pipe.Reader.SpliceTo(_other.Writer.Handle, 10)));
        _pipe.Writer.Dispose();
        splice.Join();
    }

    [Fact]
    public void SpliceTo_from_a_FIFO_waits_for_its_first_writer()
    {
        Fifo.Create(_directory["fifo"]);
        using PipeReadEnd reader = Fifo.OpenRead(_directory["fifo"]);
        Blocked splice = Blocked.In(() => Assert.Equal(1, reader.SpliceTo(_other.Writer.Handle, 10)));
        using PipeWriteEnd writer = Fifo.OpenWrite(_directory["fifo"]);
        writer.WriteByte(6);
        splice.Join();
        Assert.Equal(6, _other.Reader.ReadByte());
    }

    [Fact]
    public void SpliceFrom_moves_bytes_of_a_file_from_its_position_or_from_an_offset()
    {
        File.WriteAllText(_directory["file"], "0123456789");
        using SafeFileHandle file = File.OpenHandle(_directory["file"]);
        Assert.Equal(2, _pipe.Writer.SpliceFrom(file, 2));
        Assert.Equal(1, _pipe.Writer.SpliceFrom(file, 1));
        Assert.Equal(2, _pipe.Writer.SpliceFrom(file, 100, offset: 8));
        Assert.Equal(0, _pipe.Writer.SpliceFrom(file, 100, offset: 10));
        Assert.Equal("01289", ReadText(_pipe.Reader));
    }

    [Fact]
    public void SpliceFrom_takes_from_a_socket()
    {
        (UnixSocket first, UnixSocket second) = UnixSocket.CreatePair();
        using (first)
        using (second)
        {
            first.Send("over"u8);
            Assert.Equal(4, _pipe.Writer.SpliceFrom(second.Handle, 100));
        }
        Assert.Equal("over", ReadText(_pipe.Reader));
    }

    [Fact]
    public void Splicing_a_pipe_to_itself_throws_EINVAL()
    {
        _pipe.Writer.WriteByte(1);
        Assert.Equal(Errno.EINVAL, Error(() => _pipe.Reader.SpliceTo(_pipe.Writer.Handle, 1)));
        Assert.Equal(Errno.EINVAL, Error(() => _pipe.Reader.TeeTo(_pipe.Writer, 1)));
    }

    [Fact]
    public void Splicing_to_a_file_open_for_appending_throws_EINVAL()
    {
        _pipe.Writer.WriteByte(1);
        using SafeFileHandle file = LibC.Check(LibC.open(_directory["file"], LibC.O_CREAT | LibC.O_WRONLY | LibC.O_APPEND | LibC.O_CLOEXEC, 0x180));
        Assert.Equal(Errno.EINVAL, Error(() => _pipe.Reader.SpliceTo(file, 1)));
        Assert.Equal(1, _pipe.Reader.ReadByte());
    }

    [Fact]
    public void An_offset_for_a_pipe_throws_ESPIPE()
    {
        _pipe.Writer.WriteByte(1);
        Assert.Equal(Errno.ESPIPE, Error(() => _pipe.Reader.SpliceTo(_other.Writer.Handle, 1, offset: 0)));
        Assert.Equal(Errno.ESPIPE, Error(() => _other.Writer.SpliceFrom(_pipe.Reader.Handle, 1, offset: 0)));
    }

    [Fact]
    public void Splicing_to_a_pipe_that_nobody_reads_throws_EPIPE()
    {
        _other.Reader.Dispose();
        _pipe.Writer.WriteByte(1);
        Broken.Pipe(() => _pipe.Reader.TeeTo(_other.Writer, 1));
        Assert.Equal(Errno.EPIPE, Error(() => _pipe.Reader.SpliceTo(_other.Writer.Handle, 1)));
    }

    [Fact]
    public void A_negative_count_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _pipe.Reader.SpliceTo(_other.Writer.Handle, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _pipe.Writer.SpliceFrom(_other.Reader.Handle, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _pipe.Reader.TeeTo(_other.Writer, -1));
        Assert.Equal(0, _pipe.Reader.SpliceTo(_other.Writer.Handle, 0));
    }

    [Fact]
    public void TeeTo_copies_and_leaves_the_bytes()
    {
        _pipe.Writer.Write("both"u8);
        Assert.Equal(4, _pipe.Reader.TeeTo(_other.Writer, 100));
        Assert.Equal("both", ReadText(_pipe.Reader));
        Assert.Equal("both", ReadText(_other.Reader));
    }

    [Fact]
    public void TeeTo_gives_0_at_the_end()
    {
        _pipe.Writer.Dispose();
        Assert.Equal(0, _pipe.Reader.TeeTo(_other.Writer, 100));
    }

    [Fact]
    public void VmSplice_lends_memory_without_copying_it()
    {
        using AnonymousMemory memory = AnonymousMemory.Create(8192);
        memory.Span[0] = 1;
        Assert.Equal(8192, _pipe.Writer.VmSplice(memory.ReadOnlySpan));
        memory.Span[0] = 2;
        Assert.Equal(2, _pipe.Reader.ReadByte());
    }

    [Fact]
    public void VmSplice_of_more_than_fits_says_how_much_was_lent()
    {
        using AnonymousMemory memory = AnonymousMemory.Create(1 << 20);
        int lent = _pipe.Writer.VmSplice(memory.ReadOnlySpan);
        Assert.Equal(_pipe.Writer.Capacity, lent);
        Blocked more = Blocked.In(() => Assert.True(_pipe.Writer.VmSplice(memory.ReadOnlySpan[lent..]) > 0));
        _pipe.Reader.ReadExactly(new byte[lent]);
        more.Join();
    }

    private static Errno Error(Action call) => Assert.Throws<PosixException>(call).Errno;

    private static string ReadText(PipeReadEnd reader)
    {
        byte[] buffer = new byte[100];
        return System.Text.Encoding.ASCII.GetString(buffer, 0, reader.Read(buffer));
    }
}
