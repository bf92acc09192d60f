namespace Isthmus;

/// <summary>How an object that stands in a segment of shared memory is made or opened.</summary>
public record SharedObjectOptions
{
    /// <summary>
    /// The directory of its name, which must exist; <see langword="null"/> for that of the user, <c>/dev/shm/isthmus-UID</c>, which nobody else
    /// may enter. Processes of several users, or in several containers, meet in a directory that is given. It should be in a
    /// tmpfs: on a disk the kernel writes the memory back now and then.
    /// </summary>
    public string? Directory { get; init; }

    /// <summary>
    /// How many may take part at once, from 1 to 1,000: each open object of each process counts as one. For a new object only. Each costs 256 bytes.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1, or more than 1,000.</exception>
    public int MaxParticipants
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, SegmentLayout.CapacityMax);
            field = value;
        }
    } = 64;

    /// <summary>
    /// Who may open a new object, whatever the umask: its owner only (0600), unless more is asked for. To take part means to write. When an
    /// object is opened, this is the most that others may be allowed: one that more users may write is refused.
    /// </summary>
    /// <exception cref="ArgumentException">The owner could not open it.</exception>
    public UnixFileMode Mode
    {
        get;
        init
        {
            const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            field = (value & Owner) == Owner ? value : throw new ArgumentException("Its owner must be allowed to read and write it.", nameof(value));
        }
    } = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// Accept an object, and a directory, that another user owns or may write. Without it only one's own and root's are opened: somebody else
    /// could have made it under this name, and could truncate it under our feet.
    /// </summary>
    public bool AnyOwner { get; init; }
}
