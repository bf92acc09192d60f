using System.Runtime.CompilerServices;

namespace Isthmus.Cli;

/// <summary>Standard input as messages: all of it is one, or each ends with a delimiter.</summary>
internal static class MessageInput
{
    /// <param name="delimiter">What ends a message, the last one perhaps excepted; null for one message, which may be empty.</param>
    /// <param name="cancellationToken">Ends the waiting for input.</param>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        byte? delimiter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using StandardInput input = new();
        byte[] buffer = new byte[65536];
        int start = 0;
        int end = 0;
        while (true)
        {
            int read = await input.ReadAsync(buffer.AsMemory(end), cancellationToken);
            if (read == 0)
            {
                break;
            }
            end += read;
            for (int length; delimiter is { } mark && (length = buffer.AsSpan(start, end - start).IndexOf(mark)) >= 0; start += length + 1)
            {
                yield return buffer.AsMemory(start, length);
            }
            MakeRoom(ref buffer, ref start, ref end);
        }
        if (delimiter is null || end > start)
        {
            yield return buffer.AsMemory(start, end - start);
        }
    }

    // Moves what is left to the front; when that fills it, doubles it.
    private static void MakeRoom(ref byte[] buffer, ref int start, ref int end)
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        end -= start;
        start = 0;
        if (end == buffer.Length)
        {
            Array.Resize(ref buffer, buffer.Length * 2);
        }
    }
}
