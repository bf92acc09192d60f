namespace Isthmus;

/// <summary>What nobody may do to an <see cref="AnonymousMemory"/> any more (<c>F_ADD_SEALS</c> in <c>fcntl(2)</c>). A seal is for ever.</summary>
[Flags]
public enum MemorySeals
{
    /// <summary>No seal.</summary>
    None = 0,

    /// <summary>Nobody may add seals.</summary>
    Seal = 1,

    /// <summary>Nobody may make it smaller: reading a mapping of it can never raise SIGBUS.</summary>
    Shrink = 2,

    /// <summary>Nobody may make it larger.</summary>
    Grow = 4,

    /// <summary>Nobody may write, by any way. Refused (<c>EBUSY</c>) while a writable mapping exists.</summary>
    Write = 8,

    /// <summary>Nobody may write, except through writable mappings that exist already: the creator's.</summary>
    FutureWrite = 16,

    /// <summary>Nobody may change whether it is executable (kernel 6.3).</summary>
    Exec = 32,
}
