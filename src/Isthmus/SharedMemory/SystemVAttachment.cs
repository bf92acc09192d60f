using Isthmus.Native;

namespace Isthmus;

/// <summary>A System V segment in our addresses (<c>shmat(2)</c>), detached when it is disposed or forgotten.</summary>
internal sealed class SystemVAttachment : MemoryMapping
{
    private SystemVAttachment(nint start, long length)
        : base(start, lead: 0, length)
    {
    }

    public static SystemVAttachment Attach(int id, long length, MemoryAccess access, string name)
    {
        nint start = LibC.shmat(id, 0, access == MemoryAccess.Read ? LibC.SHM_RDONLY : 0);
        return start != LibC.MAP_FAILED ? new SystemVAttachment(start, length) : throw SystemVMemoryCall.Failed(Errno.Last, "shmat", name);
    }

    protected override bool ReleaseHandle() => LibC.shmdt(handle) == 0;
}
