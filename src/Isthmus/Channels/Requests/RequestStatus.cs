using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>What is known of a place for requests at one moment.</summary>
public sealed record RequestStatus : SharedObjectStatus
{
    internal RequestStatus(SegmentSnapshot snapshot, RequestSetup setup, Func<int, ulong> load)
        : base(snapshot)
    {
        (MaxRequest, MaxReply, MaxCalls) = (setup.MaxRequest, setup.MaxReply, setup.MaxCalls);
        Servers = [.. Participants.Where(each => RequestPeerWord.Serves(snapshot.Word(RequestPeerWord.Word(each.Slot))))];
        Clients = [.. Participants.Except(Servers)];
        RequestCells cells = setup.CellsFrom(FirstWord(snapshot));
        for (int slot = 0; slot < snapshot.SlotsInUse; slot++)
        {
            int used = RequestPeerWord.CellsOf(snapshot.Word(RequestPeerWord.Word(slot)), setup.MaxCalls);
            for (int index = 0; index < used; index++)
            {
                Count(load(cells.Of(slot, index) + RequestCells.CallAt), load(cells.Of(slot, index) + cells.ReplyAt));
            }
        }
    }

    /// <summary>The size of the largest request, in bytes.</summary>
    public int MaxRequest { get; }

    /// <summary>The size of the largest reply, in bytes.</summary>
    public int MaxReply { get; }

    /// <summary>How many calls of one client may be on their way at once.</summary>
    public int MaxCalls { get; }

    /// <summary>Those who serve, by slot; the dead too, until they are recovered.</summary>
    public IReadOnlyList<SharedParticipant> Servers { get; }

    /// <summary>The others, by slot.</summary>
    public IReadOnlyList<SharedParticipant> Clients { get; }

    /// <summary>How many calls no server has yet.</summary>
    public int CallsWaiting { get; private set; }

    /// <summary>How many calls servers have.</summary>
    public int CallsServed { get; private set; }

    /// <summary>Of those that servers have: how many were given up, or their clients are dead.</summary>
    public int CallsGivenUp { get; private set; }

    /// <summary>Takes one by name.</summary>
    internal static RequestStatus Take(string name, SharedObjectOptions options)
    {
        using SafeFileHandle file = SegmentFile.Open(SegmentName.Of(name, options.Directory), options, MemoryAccess.Read);
        SegmentSnapshot snapshot = SegmentSnapshot.Take(RequestSetup.Kind, file, name);
        long data = snapshot.Size - SegmentLayout.ControlSize(snapshot.Capacity);
        return new(snapshot, RequestSetup.Of($"The segment '{name}'", snapshot.Config, snapshot.Capacity, data), word => Load(file, snapshot, word));
    }

    private static ulong Load(SafeFileHandle file, SegmentSnapshot snapshot, int word)
    {
        ulong value = 0;
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<ulong>(ref value));
        SegmentFile.ReadFully(file, bytes, SegmentLayout.State(snapshot.Capacity) + ((long)word * sizeof(ulong)));
        return value;
    }

    private static int FirstWord(SegmentSnapshot snapshot) =>
        (int)((SegmentLayout.ControlSize(snapshot.Capacity) - SegmentLayout.State(snapshot.Capacity)) / sizeof(ulong));

    private void Count(ulong call, ulong reply)
    {
        RequestCallState state = RequestCallWord.StateOf(call);
        if (state == RequestCallState.Posted)
        {
            CallsWaiting++;
        }
        else if (state != RequestCallState.Idle && !RequestReplyWord.Ends(reply, RequestCallWord.IdOf(call)))
        {
            CallsServed++;
            CallsGivenUp += state == RequestCallState.Cancelled ? 1 : 0;
        }
    }
}
