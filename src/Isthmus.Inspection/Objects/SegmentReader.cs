using System.Buffers.Binary;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Inspection;

/// <summary>Reads the segment that a file may be. Whatever stands in it is checked before it is believed.</summary>
internal static class SegmentReader
{
    private const string OwnDirectories = "/dev/shm/isthmus-";

    // It is only looked at, so that it does not matter who may write it.
    private const UnixFileMode Anybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Null when it is no segment, may not be read, or is no longer what the node says.</summary>
    public static SegmentNode? TryRead(ObjectNode file, string path)
    {
        using SafeFileHandle handle = LibC.open(path, LibC.O_RDONLY | LibC.O_NONBLOCK | LibC.O_NOFOLLOW | LibC.O_CLOEXEC);
        return Open(file, handle, path, NameOf(path));
    }

    /// <summary>
    /// Reads one without a name, by a link of <c>/proc</c>. It is opened only when it is known what the link leads to: to open a device could do something.
    /// </summary>
    /// <inheritdoc cref="TryRead"/>
    public static SegmentNode? TryReadBehind(ObjectNode file, string link)
    {
        using SafeFileHandle place = LibC.open(link, LibC.O_PATH | LibC.O_CLOEXEC);
        if (place.IsInvalid)
        {
            return null;
        }
        LibC.statx status = FileStatus.Of(place, link);
        if ((status.stx_mode & LibC.S_IFMT) != LibC.S_IFREG || status.stx_ino != file.Id.Number)
        {
            return null;
        }
        using SafeFileHandle handle = LibC.open(ProcFs.PathOf(place), LibC.O_RDONLY | LibC.O_CLOEXEC);
        return Open(file with { UserId = status.stx_uid, GroupId = status.stx_gid, Mode = (UnixFileMode)(status.stx_mode & 0xFFF) }, handle, link, null);
    }

    private static SegmentNode? Open(ObjectNode file, SafeFileHandle handle, string path, string? name)
    {
        try
        {
            bool isOne = !handle.IsInvalid && FileStatus.Of(handle, path).stx_ino == file.Id.Number && BeginsAsOne(handle);
            return isOne ? Read(file, name, handle, name is null ? null : path) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }

    // What is no segment is the rule, and an exception for each would cost.
    private static bool BeginsAsOne(SafeFileHandle handle)
    {
        Span<byte> magic = stackalloc byte[sizeof(ulong)];
        return SegmentFile.ReadFully(handle, magic, 0) == magic.Length && BinaryPrimitives.ReadUInt64LittleEndian(magic) == SegmentLayout.Magic;
    }

    private static SegmentNode Read(ObjectNode file, string? name, SafeFileHandle handle, string? path)
    {
        SegmentSnapshot snapshot = SegmentSnapshot.Take(null, handle, name);
        SegmentNode node = new(file.Id with { Kind = NodeKind.Segment }, name)
        {
            UserId = file.UserId,
            GroupId = file.GroupId,
            Mode = file.Mode,
            Size = snapshot.Size,
            Path = path,
            SegmentKind = snapshot.KindName,
            Participants =
            [
                .. from each in snapshot.Participants
                   select new SharedParticipant(each.Who.Slot, each.Who.Identity, each.IsAlive, each.Waiters),
            ],
        };
        try
        {
            return WithFacts(node, snapshot, path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException)
        {
            // It is one, whatever somebody has done to its words; or a copy, under a name that no channel has.
            return node;
        }
    }

    // Words mean something only to who knows the same layout.
    private static SegmentNode WithFacts(SegmentNode node, SegmentSnapshot snapshot, string? path)
    {
        if (IsOf(snapshot, SharedMutex.Kind))
        {
            return node with { Holders = new SharedMutexStatus(snapshot) is { Owner: { } owner } ? [owner] : [] };
        }
        if (IsOf(snapshot, SharedReaderWriterLock.Kind))
        {
            SharedReaderWriterLockStatus status = new(snapshot);
            IEnumerable<SharedParticipant?> holders = status.Readers.Where(each => each.Inside > 0).Select(each => each.Participant).Prepend(status.Owner);
            return node with { Holders = [.. holders.OfType<SharedParticipant>()] };
        }
        if (IsOf(snapshot, SharedSemaphore.Kind))
        {
            SharedSemaphoreStatus semaphore = new(snapshot);
            return node with
            {
                Fill = semaphore.CurrentCount,
                Capacity = semaphore.MaximumCount,
                Holders = [.. semaphore.Holders.Select(each => each.Participant).OfType<SharedParticipant>()],
            };
        }
        return path is not null && ChannelKinds.IsChannel(snapshot.KindId) ? WithFill(node, snapshot.KindId, path) : node;
    }

    private static SegmentNode WithFill(SegmentNode node, uint kind, string path)
    {
        SharedObjectOptions options = new() { Directory = Path.GetDirectoryName(path), AnyOwner = true, Mode = Anybody };
        return ChannelKinds.TryGetFill(kind, Path.GetFileName(path), options) is { } fill
            ? node with { Fill = fill.Held, Capacity = fill.Capacity, Written = fill.Written, Unit = fill.Unit }
            : node;
    }

    private static bool IsOf(SegmentSnapshot snapshot, SegmentKind kind) => snapshot.KindId == kind.Id && snapshot.LayoutHash == kind.LayoutHash;

    private static string NameOf(string path) =>
        path.StartsWith(OwnDirectories, StringComparison.Ordinal) && path.AsSpan(OwnDirectories.Length).Count('/') == 1
            ? Path.GetFileName(path)
            : path;
}
