namespace Isthmus.Stress.Channels;

/// <summary>Memory as a peer hands it over that is not trusted: it can be written by both, and cut short by nobody.</summary>
internal static class SealedMemory
{
    public static AnonymousMemory Of(byte[] image)
    {
        AnonymousMemory memory = AnonymousMemory.Create(
            image.Length, new AnonymousMemoryOptions { Seals = MemorySeals.Shrink | MemorySeals.Grow | MemorySeals.Seal });
        image.CopyTo(memory.Span);
        return memory;
    }
}
