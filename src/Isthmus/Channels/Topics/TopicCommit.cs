namespace Isthmus;

/// <summary>
/// Publishes the sample that stands at a publisher's head, by a plain store of its header. When the publisher dies before that, there is no sample; the
/// next one begins at the same position.
/// </summary>
/// <param name="layout">Of the topic.</param>
/// <param name="ring">Whose publisher this is.</param>
/// <param name="writer">How far it has come; it is ready.</param>
/// <param name="length">Of the sample, in bytes.</param>
internal struct TopicCommit(TopicLayout layout, int ring, TopicWriter writer, int length) : IOperation
{
    private enum Stage
    {
        Number,
        Length,
        Header,
        Notify,
    }

    private TopicWriter _writer = writer;
    private TopicNotify _notify = new(TopicLayout.News);
    private Stage _stage;

    /// <summary>How far it has come now.</summary>
    public readonly TopicWriter Writer => _writer;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Number:
                memory.Store(layout.Number(ring, _writer.Head), _writer.Number);
                _stage = Stage.Length;
                return Progress.Continues;
            case Stage.Length:
                memory.Store(layout.Length(ring, _writer.Head), (ulong)length);
                _stage = Stage.Header;
                return Progress.Continues;
            case Stage.Header:
                // Release: pairs with the first load of TopicTake.
                memory.Store(layout.Header(ring, _writer.Head), TopicHeader.Published(_writer.Head));
                _writer.Publish();
                _stage = Stage.Notify;
                return Progress.Continues;
            default:
                return _notify.Step(ref memory) ? Progress.Done : Progress.Continues;
        }
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Publishing does not wait.");
}
