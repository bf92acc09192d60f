using System.Numerics;

namespace Isthmus;

/// <summary>
/// Makes sure that a publisher can write at its head, or waits for those that block it. It claims a group of positions, fences, and then sees what
/// subscribers still want: so that most publications need nothing of that.
/// </summary>
/// <remarks>
/// <para>The claim comes first. Who pins a sample looks at the claim after that: either it finds that its sample is gone, or the pin is found here. Who
/// blocks moves its cursor only after its pin stands; and who comes to block holds all positions before it looks at the claim, and wants nothing that is
/// gone by it.</para>
/// <para>A pinned slot is passed over: the position's header says so, and nothing else in the slot that a reader looks at is touched.</para>
/// </remarks>
/// <param name="layout">Of the topic.</param>
/// <param name="ring">Whose publisher this is.</param>
/// <param name="writer">How far it has come.</param>
/// <param name="waiters">How to wait; <see cref="Waiters.None"/>: not at all.</param>
internal struct TopicReserve(TopicLayout layout, int ring, TopicWriter writer, Waiters waiters) : IOperation
{
    private enum Stage
    {
        Begin,
        Claim,
        Seat,
        Cursor,
        Pin,
        LookAtRoom,
        Announce,
        Fence,
        SkipNumber,
        SkipHeader,
        Notify,
        GiveUp,
    }

    private TopicWriter _writer = writer;
    private TopicNotify _notify;
    private Stage _stage;
    private ulong _limit;
    private ulong _pinned;
    private ulong _room;
    private int _seat;
    private int _pin;
    private int _skips;
    private int _spins;
    private bool _isAnnounced;
    private bool _isExtending;

    /// <summary>How far it has come now.</summary>
    public readonly TopicWriter Writer => _writer;

    /// <summary>Whether something stands in the ring that no publisher writes.</summary>
    public bool IsDamaged { get; private set; }

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Begin:
                return Decide();
            case Stage.Claim:
                return Claim(ref memory);
            case Stage.Seat:
                return LookAtSeat(ref memory);
            case Stage.Cursor:
                return LookAtCursor(ref memory);
            case Stage.Pin:
                return LookAtPin(ref memory);
            case Stage.LookAtRoom:
                _room = memory.Load(TopicLayout.Room);
                return GoTo(IsAnnounced() ? Stage.Fence : Stage.Announce);
            case Stage.Announce:
                return Announce(ref memory);
            case Stage.Fence:
                memory.SleeperFence();
                _isAnnounced = true;
                return Survey();
            case Stage.SkipNumber:
                memory.Store(layout.Number(ring, _writer.Head), _writer.Number);
                return GoTo(Stage.SkipHeader);
            case Stage.SkipHeader:
                memory.Store(layout.Header(ring, _writer.Head), TopicHeader.Skipped(_writer.Head));
                _writer.Pass();
                _notify = new TopicNotify(TopicLayout.News);
                return GoTo(Stage.Notify);
            case Stage.Notify:
                return _notify.Step(ref memory) ? Decide() : Progress.Continues;
            default:
                return Progress.Done;
        }
    }

    public void Withdraw() => _stage = Stage.GiveUp;

    private Progress Decide()
    {
        if (_writer.IsReady)
        {
            return Progress.Done;
        }
        if (_writer.Head == _writer.Limit)
        {
            return _writer.Head < TopicHeader.PositionMax ? GoTo(Stage.Claim) : Fail();
        }
        // There are more slots than can be pinned at once.
        return _skips++ < 2 * layout.Slots ? GoTo(Stage.SkipNumber) : Fail();
    }

    private Progress Claim<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong claimed = _writer.Claimed;
        ulong wanted = _isExtending
            ? Math.Min(claimed + (ulong)layout.Group, _writer.Head + (ulong)layout.Window)
            : Math.Max(claimed, _writer.Head + (ulong)layout.Group);
        _isExtending = true;
        // A full fence, also where it changes nothing.
        if (!memory.CompareExchange(layout.Claim(ring), ref claimed, wanted))
        {
            return Fail();
        }
        _writer.Claimed = wanted;
        return Survey();
    }

    private Progress Survey()
    {
        _limit = _writer.Claimed;
        _pinned = 0;
        _seat = 0;
        return GoTo(Stage.Seat);
    }

    private Progress LookAtSeat<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        TopicOwnerState state = TopicOwner.StateOf(memory.Load(layout.Seat(_seat)));
        _pin = 0;
        return state switch
        {
            TopicOwnerState.Blocks => GoTo(Stage.Cursor),
            TopicOwnerState.DropsOldest => GoTo(Stage.Pin),
            _ => NextSeat(ref memory),
        };
    }

    private Progress LookAtCursor<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        // Acquire: what it has pinned before it went on is seen afterwards.
        ulong cursor = memory.Load(layout.Cursor(_seat, ring));
        _limit = Math.Min(_limit, Math.Max(_writer.Head, Math.Min(cursor, TopicHeader.PositionMax) + (ulong)layout.Slots));
        return GoTo(Stage.Pin);
    }

    private Progress LookAtPin<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong pin = memory.Load(layout.Pin(_seat, _pin));
        if (TopicPin.IsIn(pin, ring))
        {
            int ahead = layout.IndexOf(TopicPin.PositionOf(pin)) - layout.IndexOf(_writer.Head);
            ahead += ahead < 0 ? layout.Slots : 0;
            _pinned |= ahead < layout.Window ? 1UL << ahead : 0;
        }
        return ++_pin < layout.Pins ? Progress.Continues : NextSeat(ref memory);
    }

    private Progress NextSeat<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        if (++_seat < layout.Subscribers)
        {
            return GoTo(Stage.Seat);
        }
        ulong room = _limit - _writer.Head;
        bool isAllPinned = BitOperations.TrailingZeroCount(~_pinned) >= (int)room;
        if (room > 0 && !isAllPinned)
        {
            return Use();
        }
        // Nothing is passed over unless a sample follows: positions would be used up, and one that blocks has no reason to pass them.
        if (_limit == _writer.Claimed)
        {
            return _limit < _writer.Head + (ulong)layout.Window ? GoTo(Stage.Claim) : Use();
        }
        if (waiters == Waiters.None)
        {
            return Progress.Done;
        }
        if (_isAnnounced)
        {
            _isAnnounced = false;
            Survey();
            return Progress.WaitsFor(TopicLayout.Room, _room);
        }
        return memory.Spin(ref _spins) ? Survey() : GoTo(Stage.LookAtRoom);
    }

    private Progress Use()
    {
        _writer.Limit = _limit;
        _writer.Pinned = _pinned;
        _isAnnounced = false;
        _isExtending = false;
        return Decide();
    }

    private Progress Announce<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong announced = _room | (ulong)waiters;
        if (memory.CompareExchange(TopicLayout.Room, ref _room, announced))
        {
            _room = announced;
            return GoTo(Stage.Fence);
        }
        return GoTo(IsAnnounced() ? Stage.Fence : Stage.Announce);
    }

    // Not by HasFlag, which allocates until it is optimised.
    private readonly bool IsAnnounced() => (WaiterFlags.Of(_room) & waiters) == waiters;

    private Progress Fail()
    {
        IsDamaged = true;
        return Progress.Done;
    }

    private Progress GoTo(Stage stage)
    {
        _stage = stage;
        return Progress.Continues;
    }
}
