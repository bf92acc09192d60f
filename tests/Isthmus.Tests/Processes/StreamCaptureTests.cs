using Isthmus.Native;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Processes;

public sealed class StreamCaptureTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_written_before_it_was_given_up_is_kept(bool isClosed)
    {
        using AnonymousPipe pipe = AnonymousPipe.Create();
        pipe.Writer.Write("written"u8);
        if (isClosed)
        {
            pipe.Writer.Dispose();
            // A child that another test starts just now has a copy of it until it runs its program.
            Assert.True(Poll.Wait(pipe.Reader.Handle, 0, Deadline.After(Child.Limit)));
        }
        StreamCapture capture = new(pipe.Reader, 100);
        await capture.ReadToEndAsync(new CancellationToken(canceled: true));
        Assert.Equal("written"u8, capture.Bytes.Span);
        Assert.Equal(!isClosed, capture.IsTruncated);
    }

    [Fact]
    public async Task A_writer_without_end_does_not_keep_it()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create();
        using CancellationTokenSource enough = new();
        Thread writing = new(() => WriteUntil(pipe.Writer, enough.Token));
        writing.Start();
        StreamCapture capture = new(pipe.Reader, 10);
        await capture.ReadToEndAsync(new CancellationToken(canceled: true)).OrHang();
        Assert.True(capture.IsTruncated);
        await enough.CancelAsync();
        Assert.True(writing.Join(Child.Limit));
    }

    private static void WriteUntil(PipeWriteEnd pipe, CancellationToken enough)
    {
        byte[] bytes = new byte[4096];
        while (!enough.IsCancellationRequested)
        {
            pipe.TryWrite(bytes, TimeSpan.FromMilliseconds(1), out _);
        }
    }
}
