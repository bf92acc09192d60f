using System.IO.Pipelines;

namespace Isthmus;

/// <summary>An end of a stream as two pipes.</summary>
internal sealed class StreamDuplexPipe : IDuplexPipe
{
    public StreamDuplexPipe(SharedStream stream, StreamPipeReaderOptions? readerOptions, StreamPipeWriterOptions? writerOptions)
    {
        StreamPipeReaderOptions reading = new(
            readerOptions?.Pool,
            readerOptions?.BufferSize ?? -1,
            readerOptions?.MinimumReadSize ?? -1,
            leaveOpen: true,
            readerOptions?.UseZeroByteReads ?? false);
        Input = PipeReader.Create(stream, reading);
        Output = PipeWriter.Create(new StreamWriteHalf(stream), new StreamPipeWriterOptions(
            writerOptions?.Pool, writerOptions?.MinimumBufferSize ?? -1, leaveOpen: false));
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }
}
