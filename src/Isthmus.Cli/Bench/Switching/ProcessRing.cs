namespace Isthmus.Cli.Bench;

/// <summary>
/// Processes joined by pipes, each of which is <c>cat</c>: it waits for bytes and hands them on, and a hundred of them cost
/// next to nothing. This process is one of the ring.
/// </summary>
internal sealed class ProcessRing : TokenRing
{
    private readonly List<ChildProcess> _children = [];
    private readonly PipeWriteEnd _first;
    private readonly PipeReadEnd _last;
    private readonly bool _oneCpu;

    public ProcessRing(int count, bool oneCpu)
    {
        _oneCpu = oneCpu;
        AnonymousPipe pipe = AnonymousPipe.Create();
        _first = pipe.Writer;
        _last = pipe.Reader;
        for (int i = 1; i < count; i++)
        {
            AnonymousPipe next = AnonymousPipe.Create();
            using (_last)
            using (next.Writer)
            {
                _children.Add(ChildProcess.Start(new ChildProcessOptions
                {
                    FileName = "cat",
                    StandardInput = StandardStream.Handle(_last.Handle),
                    StandardOutput = StandardStream.Handle(next.Writer.Handle),
                    Affinity = new CpuSet(CpuOf(i, oneCpu)),
                    Group = ChildGroup.New,
                }));
            }
            _last = next.Reader;
        }
    }

    public override void Run(int laps)
    {
        Span<byte> token = [1];
        Placement.Pin(CpuOf(0, _oneCpu));
        for (int lap = 0; lap < laps; lap++)
        {
            _first.Write(token);
            _last.ReadExactly(token);
        }
        Placement.Pin(Placement.Anywhere);
    }

    // The end of the first pipe runs round the ring and ends one after the other.
    public override void Dispose()
    {
        _first.Dispose();
        foreach (ChildProcess child in _children)
        {
            child.Wait();
            child.Dispose();
        }
        _last.Dispose();
    }
}
