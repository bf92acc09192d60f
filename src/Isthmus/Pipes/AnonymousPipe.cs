using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// A pipe without a name (<c>pipe(7)</c>): bytes of one direction, in order, through the kernel. Both ends are in this process
/// at first; one is handed to a child at its start, or to another process over a Unix socket.
/// </summary>
public sealed class AnonymousPipe : IDisposable
{
    private AnonymousPipe(SafeFileHandle reader, SafeFileHandle writer)
    {
        Reader = new PipeReadEnd(reader);
        Writer = new PipeWriteEnd(writer);
    }

    /// <summary>The end to read from.</summary>
    public PipeReadEnd Reader { get; }

    /// <summary>The end to write to.</summary>
    public PipeWriteEnd Writer { get; }

    /// <summary>Makes a pipe.</summary>
    /// <exception cref="PosixException"><c>EMFILE</c>, <c>ENFILE</c>: no descriptor left.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EPERM</c>: the capacity is above <c>/proc/sys/fs/pipe-max-size</c>.</exception>
    public static unsafe AnonymousPipe Create(AnonymousPipeOptions? options = null)
    {
        int* fds = stackalloc int[2];
        LibC.Check(LibC.pipe2(fds, LibC.O_CLOEXEC | (options is { PacketMode: true } ? LibC.O_DIRECT : 0)));
        AnonymousPipe pipe = new(new SafeFileHandle(fds[0], ownsHandle: true), new SafeFileHandle(fds[1], ownsHandle: true));
        if (options?.Capacity is { } capacity)
        {
            pipe.SetCapacityOrDispose(capacity);
        }
        return pipe;
    }

    /// <summary>Closes both ends.</summary>
    public void Dispose()
    {
        Reader.Dispose();
        Writer.Dispose();
    }

    private void SetCapacityOrDispose(int capacity)
    {
        try
        {
            Writer.Capacity = capacity;
        }
        catch
        {
            Dispose();
            throw;
        }
    }
}
