namespace Isthmus;

/// <summary>One round over the cells that clients have used, from where the last one ended: nobody is passed over. A step reads one word.</summary>
/// <param name="cells">Where the cells are.</param>
/// <param name="slot">Whose cells come first.</param>
/// <param name="index">Of these, the first to look at.</param>
internal struct RequestScan(RequestCells cells, int slot, int index)
{
    private int _slot = slot;
    private int _index = index;
    private int _used = -1;
    private int _visited;

    /// <summary>The slot of the cell that was found.</summary>
    public readonly int Slot => _slot;

    /// <summary>The number of the cell that was found.</summary>
    public readonly int Index => _index;

    /// <summary>The call word that was found.</summary>
    public ulong Call { get; private set; }

    /// <summary>Whether the round is over.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Whether a call was found that any server may take.</summary>
    public bool Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (_used < 0)
        {
            LookAtSlot(ref memory);
            return false;
        }
        Call = memory.Load(cells.Of(_slot, _index) + RequestCells.CallAt);
        if (RequestCallWord.StateOf(Call) == RequestCallState.Posted)
        {
            return true;
        }
        Pass();
        return false;
    }

    /// <summary>Goes on behind the cell that was found.</summary>
    public void Pass()
    {
        if (++_index >= _used)
        {
            NextSlot();
        }
    }

    // The first one once more at the end, for the cells before the one that the round began with.
    private void LookAtSlot<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        int slots = memory.Slots;
        if (_visited > slots)
        {
            IsOver = true;
            return;
        }
        if (_slot >= slots)
        {
            _slot = 0;
        }
        _used = RequestPeerWord.CellsOf(memory.Load(RequestPeerWord.Word(_slot)), cells.PerSlot);
        if (_index >= _used)
        {
            NextSlot();
        }
    }

    private void NextSlot()
    {
        _slot++;
        _index = 0;
        _used = -1;
        _visited++;
    }
}
