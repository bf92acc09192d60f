namespace Isthmus.Inspection;

/// <summary>
/// What a process has read and written by read(2), write(2) and their like, on whatever descriptor (<c>/proc/PID/io</c>, rchar and wchar). What goes by
/// send(2), recv(2), splice(2) or through memory is not in it.
/// </summary>
internal static class ProcessIO
{
    public static bool TryParse(ReadOnlySpan<byte> text, out TransferCount count)
    {
        bool isThere = TryFind(text, "rchar: "u8, out long read) & TryFind(text, "wchar: "u8, out long written);
        count = new TransferCount(read, written, SharedChannelUnit.Bytes);
        return isThere;
    }

    private static bool TryFind(ReadOnlySpan<byte> text, ReadOnlySpan<byte> label, out long value)
    {
        int at = text.IndexOf(label);
        value = at < 0 ? 0 : (long)new TextCursor(text[(at + label.Length)..]).ReadNumber();
        return at >= 0;
    }
}
