using Isthmus.Native;

namespace Isthmus;

/// <summary>What the kernel is told about the use of memory (<c>madvise(2)</c>). Except for <see cref="DontNeed"/>, contents never change.</summary>
public enum MemoryAdvice
{
    /// <summary>Nothing special: takes back the next two.</summary>
    Normal = LibC.MADV_NORMAL,

    /// <summary>Accesses in no order: reading ahead is in vain.</summary>
    Random = LibC.MADV_RANDOM,

    /// <summary>Accesses from the beginning to the end: read ahead much.</summary>
    Sequential = LibC.MADV_SEQUENTIAL,

    /// <summary>Needed soon: start to read it in.</summary>
    WillNeed = LibC.MADV_WILLNEED,

    /// <summary>
    /// Not needed soon: this process's view of the pages is dropped, and comes back at the next access. What was written to a
    /// <see cref="MemoryAccess.CopyOnWrite"/> mapping is lost.
    /// </summary>
    DontNeed = LibC.MADV_DONTNEED,

    /// <summary>A forked child does not get this mapping.</summary>
    DontFork = LibC.MADV_DONTFORK,

    /// <summary>Takes back <see cref="DontFork"/>.</summary>
    DoFork = LibC.MADV_DOFORK,

    /// <summary>Use transparent huge pages; <c>EINVAL</c> where the kernel has none.</summary>
    HugePage = LibC.MADV_HUGEPAGE,

    /// <summary>Use no transparent huge pages.</summary>
    NoHugePage = LibC.MADV_NOHUGEPAGE,

    /// <summary>Leave it out of core dumps: for secrets, and for much memory.</summary>
    DontDump = LibC.MADV_DONTDUMP,

    /// <summary>Takes back <see cref="DontDump"/>.</summary>
    DoDump = LibC.MADV_DODUMP,

    /// <summary>Reclaim these pages first when memory is short (kernel 5.4).</summary>
    Cold = LibC.MADV_COLD,

    /// <summary>Reclaim these pages now: write them to the file or to swap (kernel 5.4).</summary>
    PageOut = LibC.MADV_PAGEOUT,
}
