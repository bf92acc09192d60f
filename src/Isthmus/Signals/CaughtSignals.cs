using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// Standard signals, caught: a handler writes what the kernel tells of each into a pipe. Made and disposed of under
/// <see cref="SignalHandling.Lock"/>.
/// </summary>
internal sealed class CaughtSignals : IDisposable
{
    // 8,192 signals; what the system may refuse, and then it is 512.
    private const int PipeBytes = 1024 * 1024;

    private readonly List<CaughtSignal> _signals = [];
    private readonly SafeFileHandle _writer;

    private CaughtSignals(SafeFileHandle reader, SafeFileHandle writer)
    {
        Reader = reader;
        _writer = writer;
    }

    /// <summary>The pipe's other end; each read of 128 bytes gives one <c>siginfo_t</c>.</summary>
    public SafeFileHandle Reader { get; }

    /// <summary>Signals that found the pipe full.</summary>
    public long Dropped => _signals.Sum(signal => signal.Dropped);

    public static unsafe CaughtSignals Catch(SignalSet signals)
    {
        _ = HandlerPage.Instance; // It may be refused (memory that can be executed); then nothing has been changed yet.
        int* ends = stackalloc int[2];
        LibC.Check(LibC.pipe2(ends, LibC.O_CLOEXEC));
        CaughtSignals caught = new(new SafeFileHandle(ends[0], true), new SafeFileHandle(ends[1], true));
        try
        {
            // The handler must not wait; a short pipe is no failure.
            LibC.Check(LibC.fcntl(caught._writer, LibC.F_SETFL, LibC.O_WRONLY | LibC.O_NONBLOCK));
            _ = LibC.fcntl(caught._writer, LibC.F_SETPIPE_SZ, PipeBytes);
            foreach (Signal signal in signals)
            {
                caught._signals.Add(new CaughtSignal(signal, ends[1]));
            }
            return caught;
        }
        catch
        {
            caught.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _signals.ForEach(signal => signal.Dispose());
        _writer.Dispose();
        Reader.Dispose();
    }
}
