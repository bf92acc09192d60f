using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

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

    /// <summary>
    /// Who finds nothing new in a word asks for the line behind it as well: what is published there and is longer than a line comes at once, and not one
    /// line after the other. It is no access, wherever it points.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AskForNextLine(int word)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(_words + word + (64 / sizeof(ulong)));
        }
    }

    /// <summary>As the steps of <see cref="RequestPost"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Post(int cell, ulong id)
    {
        Store(cell + RequestCells.CallAt, RequestCallWord.Posted(id));
        if (Sleeps(RequestWaitWord.Servers))
        {
            Run(new RequestSummon());
        }
    }

    /// <summary>As the steps of <see cref="RequestPublish"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Publish(int cell, ulong reply)
    {
        Store(cell + Cells.ReplyAt, reply);
        if (Sleeps(cell + RequestCells.WaitAt))
        {
            Run(new RequestNotify(cell + RequestCells.WaitAt));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Sleeps(int word)
    {
        Memory.PublisherFence();
        return WaiterFlags.Of(Load(word)) != Waiters.None;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Run<TOperation>(TOperation operation)
        where TOperation : struct, IOperation
    {
        SegmentMemory memory = Memory;
        Driver.Run(ref memory, ref operation);
    }
}
