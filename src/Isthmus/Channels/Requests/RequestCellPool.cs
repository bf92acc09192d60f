using System.Numerics;

namespace Isthmus;

/// <summary>
/// Which cells of a client are free. A cell whose call was given up while a server has it comes back when that server is done, or dead: until then it
/// writes there.
/// </summary>
internal sealed class RequestCellPool
{
    private readonly RequestPlace _place;
    private readonly int _slot;
    private readonly ulong[] _ids;
    private ulong _free;
    private ulong _left;
    private int _used;

    /// <summary>Takes over the cells of a slot as its former occupants left them.</summary>
    public RequestCellPool(RequestPlace place)
    {
        _place = place;
        _slot = place.Segment.Slot;
        _ids = new ulong[place.Setup.MaxCalls];
        for (int index = 0; index < _ids.Length; index++)
        {
            int cell = CellOf(index);
            ulong call = place.Load(cell + RequestCells.CallAt), reply = place.Load(cell + place.Cells.ReplyAt);
            _ids[index] = RequestCallWord.IdOf(call);
            bool isFree = RequestCallWord.StateOf(call) == RequestCallState.Idle || RequestReplyWord.Ends(reply, _ids[index]);
            (isFree ? ref _free : ref _left) |= 1UL << index;
        }
    }

    /// <summary>The first word of a cell.</summary>
    public int CellOf(int index) => _place.Cells.Of(_slot, index);

    /// <summary>Of the cell's call, or its last one.</summary>
    public ulong IdOf(int index) => _ids[index];

    /// <summary>Takes a free cell, and a new id for it.</summary>
    public bool TryTake(out int index)
    {
        ulong free = Volatile.Read(ref _free);
        while (free != 0)
        {
            ulong found = Interlocked.CompareExchange(ref _free, free & (free - 1), free);
            if (found == free)
            {
                index = BitOperations.TrailingZeroCount(free);
                return TryBegin(ref index);
            }
            free = found;
        }
        return TryReclaim(out index);
    }

    /// <summary>Gives a cell back whose call is over.</summary>
    public void Free(int index) => Interlocked.Or(ref _free, 1UL << index);

    /// <summary>Leaves a cell to the server that has its call.</summary>
    public void Leave(int index) => Interlocked.Or(ref _left, 1UL << index);

    private bool TryReclaim(out int index)
    {
        for (ulong left = Volatile.Read(ref _left); left != 0; left &= left - 1)
        {
            index = BitOperations.TrailingZeroCount(left);
            bool isOver = RequestReplyWord.Ends(_place.Load(CellOf(index) + _place.Cells.ReplyAt), _ids[index]);
            if (isOver && (Interlocked.And(ref _left, ~(1UL << index)) & (1UL << index)) != 0)
            {
                return TryBegin(ref index);
            }
        }
        index = -1;
        return false;
    }

    private bool TryBegin(ref int index)
    {
        if (_ids[index] >= RequestCallWord.IdMax)
        {
            // Nobody lives to see it; somebody may have written it there. The cell is taken for ever: an id never comes again.
            return TryTake(out index);
        }
        _ids[index]++;
        if (index >= Volatile.Read(ref _used))
        {
            Use(index + 1);
        }
        return true;
    }

    // Before the first call in it: servers look at cells that were used only.
    private void Use(int count)
    {
        RequestPeerChange use = new(_slot, RequestRole.Calls, count);
        SegmentMemory memory = _place.Memory;
        Driver.Run(ref memory, ref use);
        Volatile.Write(ref _used, count);
    }
}
