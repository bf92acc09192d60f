using System.Runtime.InteropServices;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

internal sealed unsafe partial class Segment
{
    /// <summary>Makes a segment and attaches to it. It is complete before anybody else can open it; when this throws, nothing was made.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="name">Null for one without a name, in a sealed memfd.</param>
    /// <param name="options">Where, for how many, and who may open it.</param>
    /// <param name="state">The first words of its state; the others are 0.</param>
    /// <param name="config">What everybody may read by <see cref="Config"/>; the others are 0.</param>
    /// <param name="dataSize">How many bytes of <see cref="Data"/>, at least.</param>
    /// <exception cref="PosixException"><c>EEXIST</c>: the name is taken; <c>ENOSPC</c>: the file system is full.</exception>
    public static Segment Create(
        SegmentKind kind, string? name, SharedObjectOptions options, ReadOnlySpan<ulong> state, ReadOnlySpan<ulong> config, long dataSize = 0)
    {
        SegmentHeader header = SegmentFile.NewHeader(kind, options.MaxParticipants, config, dataSize);
        return name is null
            ? CreateUnnamed(kind, header, state)
            : CreateNamed(kind, SegmentName.Of(name, options.Directory), options, header, state);
    }

    /// <summary>Attaches to a segment that has a name.</summary>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>: there is none of this name.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: its mode does not allow it; <c>EPERM</c>: another user owns it, or may write
    /// it.</exception>
    /// <exception cref="PosixException">
    /// <c>EMLINK</c>: it has a second name; <c>EINVAL</c>, <c>ELOOP</c>: something else stands at the name; <c>EUSERS</c>: all its slots are taken.
    /// </exception>
    /// <exception cref="InvalidDataException">It is no segment, or one of another kind or layout.</exception>
    public static Segment Open(SegmentKind kind, string name, SharedObjectOptions options)
    {
        SegmentName checkedName = SegmentName.Of(name, options.Directory);
        return TryOpen(kind, checkedName, options) ?? throw checkedName.NotFound();
    }

    /// <summary>Opens it, or makes it when it does not exist. Any number of processes may do this at once: one of them makes it.</summary>
    /// <remarks>The caller compares what an existing one was made with (<see cref="Config"/>) with what it wanted.</remarks>
    /// <inheritdoc cref="Create"/>
    public static Segment OpenOrCreate(
        SegmentKind kind, string name, SharedObjectOptions options, ReadOnlySpan<ulong> state, ReadOnlySpan<ulong> config, long dataSize = 0)
    {
        SegmentName checkedName = SegmentName.Of(name, options.Directory);
        while (true)
        {
            if (TryOpen(kind, checkedName, options) is { } found)
            {
                return found;
            }
            try
            {
                return Create(kind, name, options, state, config, dataSize);
            }
            catch (PosixException error) when (error.Errno == Errno.EEXIST)
            {
                // Made meanwhile.
            }
        }
    }

    /// <summary>Attaches to a segment without a name, whose descriptor was inherited or received.</summary>
    /// <param name="kind">What it must be.</param>
    /// <param name="memory">Stays the caller's, and may be closed afterwards.</param>
    /// <exception cref="InvalidDataException">It is no sealed memory, no segment, or one of another kind or layout.</exception>
    public static Segment Open(SegmentKind kind, SafeHandle memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        // Before anything else is believed: from then on nobody can shrink it, nor forbid us to map it once more.
        AnonymousMemory.RequireSeals(memory, MemorySeals.Shrink | MemorySeals.Grow | MemorySeals.Seal);
        SafeFileHandle probe = SegmentFile.Reopen(memory, null);
        return Guarded(probe, () => Attach(kind, null, SegmentFile.Read(probe, kind, null), probe, isCreator: false));
    }

    /// <summary>Removes a name. The segment stays with those who have it.</summary>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>.</exception>
    /// <exception cref="PosixException"><c>EINVAL</c>, <c>ELOOP</c>: something else stands at the name, and it is left alone.</exception>
    public static void Unlink(string name, string? directory)
    {
        SegmentName checkedName = SegmentName.Of(name, directory);
        // So that who has just found a name left over does not remove a newer segment's.
        using SafeFileHandle locked = DirectoryLock.Take(checkedName.Directory);
        MemoryFile.Unlink(checkedName.Path, name);
    }

    private static Segment? TryOpen(SegmentKind kind, SegmentName name, SharedObjectOptions options)
    {
        while (SegmentFile.TryOpen(name, options) is { } probe)
        {
            Segment? segment = Guarded(probe, () =>
            {
                using SegmentDoor door = SegmentDoor.Enter(probe, name.Name);
                // It may have been removed as left over just before; another may have its name.
                return SegmentFile.IsAt(name, probe) ? Attach(kind, name, SegmentFile.Read(probe, kind, name.Name), probe, isCreator: false) : null;
            });
            if (segment is not null)
            {
                return segment;
            }
            probe.Dispose();
        }
        return null;
    }

    private static Segment CreateUnnamed(SegmentKind kind, in SegmentHeader header, ReadOnlySpan<ulong> state)
    {
        MemorySeals seals = MemorySeals.Shrink | MemorySeals.Grow | MemorySeals.Seal;
        using AnonymousMemory memory = AnonymousMemory.Create((long)header.Size, new AnonymousMemoryOptions { Seals = seals });
        SegmentFile.Write(memory.Handle, header, state);
        SegmentHeader copy = header;
        SafeFileHandle probe = SegmentFile.Reopen(memory.Handle, null);
        return Guarded(probe, () => Attach(kind, null, copy, probe, isCreator: true));
    }

    // It has its participant before its name: nobody ever finds it left over.
    private static Segment CreateNamed(
        SegmentKind kind, SegmentName name, SharedObjectOptions options, in SegmentHeader header, ReadOnlySpan<ulong> state)
    {
        if (name.IsOwnDirectory)
        {
            SegmentDirectory.EnsureDefault();
        }
        else
        {
            SegmentDirectory.TryCheck(name, options.AnyOwner);
        }
        using NewFile file = NewFile.In(name.Directory, name.Name);
        Segment segment = Begin(kind, name, options, header, state, file.Handle);
        try
        {
            file.Publish(name.Path, name.Name, options.Mode);
            return segment;
        }
        catch
        {
            segment.Dispose();
            throw;
        }
    }

    private static Segment Begin(
        SegmentKind kind, SegmentName name, SharedObjectOptions options, in SegmentHeader header, ReadOnlySpan<ulong> state, SafeFileHandle file)
    {
        try
        {
            MemoryFile.Allocate(file, 0, (long)header.Size, name.Name);
            SegmentFile.Write(file, header, state);
            // So that we can open it ourselves.
            LibC.Check(LibC.fchmod(file, (uint)options.Mode), name.Name);
            return Attach(kind, name, header, file, isCreator: true);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    // The header was checked. When this throws, the probe stays the caller's.
    private static Segment Attach(SegmentKind kind, SegmentName? name, in SegmentHeader header, SafeFileHandle probe, bool isCreator)
    {
        int capacity = (int)header.Capacity;
        // Its descriptor is closed at the end, and never leaves this method: the mapping keeps the description, and with it the lock.
        using SafeFileHandle life = SegmentFile.Reopen(probe, name?.Name);
        SegmentMapping mapping = SegmentMapping.Map(life, (long)header.Size, name?.Name);
        if (kind.PublishesByStores && !GlobalFence.IsAvailable)
        {
            new Roster((byte*)mapping.Address, capacity).RequirePublisherFences();
        }
        int slot = Guarded(mapping, () => TakeSlot(life, mapping, capacity, name));
        Segment segment = new(kind, name, header, probe, mapping, slot) { IsCreator = isCreator };
        try
        {
            segment.Join();
            return segment;
        }
        catch
        {
            // A child that another thread starts just now may have a copy of the descriptor, which would keep the lock until it runs its program.
            LifeLock.Release(life, slot);
            throw;
        }
    }

    // What the dead have left is repaired by those who live, at once; a newcomer, who may be slow to start, would keep them from it by the
    // lock that he takes. So he takes a slot like that only when there is no other.
    private static int TakeSlot(SafeFileHandle life, SegmentMapping mapping, int capacity, SegmentName? name)
    {
        Roster roster = new((byte*)mapping.Address, capacity);
        int slot = LifeLock.TakeFirst(life, capacity, roster.IsVacant, name?.Name);
        slot = slot >= 0 ? slot : LifeLock.TakeFirst(life, capacity, static _ => true, name?.Name);
        return slot >= 0 ? slot : throw PosixException.From(
            Errno.EUSERS, "fcntl", name?.Name, $"All its {capacity} slots are taken; make it with more MaxParticipants.");
    }

    private void Join()
    {
        try
        {
            if (Roster.StateWord(Slot) != 0)
            {
                // What the slot's former occupant has left, whether or not somebody has recovered it already.
                _kind.Recover(Memory, Slot, true);
            }
            Attachments.Add(this);
            _ownBell = Doorbell.Instance?.Name ?? Guid.Empty;
            Roster.Join(Slot, ProcessIdentity.Current, _ownBell);
            TellPeers();
            // Those who are dead already are recovered now: who only tries, and never waits, would find a dead owner for ever. Their locks are asked,
            // for the hang-up of a bell that this process has open may be on its way.
            LookForTheDead(always: true);
        }
        catch
        {
            // Not unmapped: it may be known to others of this process already.
            Volatile.Write(ref _isDisposed, 1);
            Attachments.Remove(this);
            Detach();
            throw;
        }
    }

    private static T Guarded<T>(SafeHandle owned, Func<T> next)
    {
        try
        {
            return next();
        }
        catch
        {
            owned.Dispose();
            throw;
        }
    }
}
