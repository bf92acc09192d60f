using System.Runtime.CompilerServices;

namespace Isthmus;

/// <summary>One attachment's view of the cells: raw words, for the paths that are written out.</summary>
internal sealed unsafe class RequestPlace
{
    private readonly ulong* _words;
    private RequestSpin _spin;

    public RequestPlace(Segment segment)
    {
        Setup = RequestSetup.Of(segment);
        Segment = segment;
        Memory = segment.Memory;
        Cells = Setup.CellsFrom(segment.DataWord(0));
        _words = (ulong*)segment.State;
    }

    /// <summary>How long it looks before it sleeps.</summary>
    public ref RequestSpin Spin => ref _spin;

    public Segment Segment { get; }

    public SegmentMemory Memory { get; }

    public RequestSetup Setup { get; }

    public RequestCells Cells { get; }

    /// <summary>The request in a cell.</summary>
    public byte* RequestOf(int cell) => (byte*)(_words + cell + RequestCells.RequestAt);

    /// <summary>The reply in a cell.</summary>
    public byte* ReplyOf(int cell) => (byte*)(_words + cell + Cells.ReplyAt + RequestCells.ReplyBytesAt);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Load(int word) => Volatile.Read(ref _words[word]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(int word, ulong value) => Volatile.Write(ref _words[word], value);

    /// <summary>A word of which only the publication tells, after it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref ulong At(int word) => ref _words[word];

    /// <summary>As the steps of <see cref="RequestPublish"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish(int word, ulong value, int sleepers, int most)
    {
        Store(word, value);
        Memory.PublisherFence();
        if (WaiterFlags.Of(Load(sleepers)) != Waiters.None)
        {
            Notify(sleepers, most);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Notify(int sleepers, int most)
    {
        RequestNotify notify = new(sleepers, most);
        SegmentMemory memory = Memory;
        Driver.Run(ref memory, ref notify);
    }
}
