namespace Isthmus;

/// <summary>An operation as one of several things that somebody waits for at once.</summary>
internal sealed class NotifiedOperation<TOperation>(Segment segment, TOperation operation, SemaphoreSlim chances) : NotifiedWaiter(chances)
    where TOperation : struct, IOperation
{
    private SegmentMemory _memory = segment.Memory;
    private TOperation _operation = operation;
    private bool _withdrawn;

    /// <summary>The operation as it stands.</summary>
    public TOperation Operation => _operation;

    public override bool DoSteps()
    {
        Progress progress;
        do
        {
            progress = _operation.Step(ref _memory);
        }
        while (progress.Kind == ProgressKind.Continues);
        Wait = progress;
        return progress.Kind == ProgressKind.Done;
    }

    // Who has withdrawn is not told of chances any more, and comes to its end here.
    public override bool Advance() => _withdrawn ? DoSteps() : base.Advance();

    public override void Withdraw()
    {
        _withdrawn = true;
        _operation.Withdraw();
    }

    public override void Complete(Exception? error)
    {
        if (error is not null)
        {
            // Disposed: whoever waits finds that when it takes its next step.
            base.Advance();
        }
    }
}
