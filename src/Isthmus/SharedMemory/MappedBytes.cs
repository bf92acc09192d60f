using System.Buffers;

namespace Isthmus;

/// <summary>A mapping as <see cref="Memory{T}"/>. It owns nothing; while pinned, the mapping is not given back.</summary>
internal sealed unsafe class MappedBytes(MemoryMapping mapping, int length) : MemoryManager<byte>
{
    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(mapping.IsClosed, typeof(MappedMemory));
        return new Span<byte>((void*)mapping.Address, length);
    }

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(elementIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(elementIndex, length);
        bool held = false;
        mapping.DangerousAddRef(ref held);
        return new MemoryHandle((byte*)mapping.Address + elementIndex, pinnable: this);
    }

    public override void Unpin() => mapping.DangerousRelease();

    protected override void Dispose(bool disposing)
    {
    }
}
