using System.Runtime.CompilerServices;
using System.Text;

namespace Isthmus;

/// <summary>Reads streams, such as a child's output, line by line.</summary>
public static class StreamLines
{
    /// <summary>
    /// The lines of the stream, UTF-8, without their ends, each as soon as it is there; until the end of the stream. The
    /// stream stays open. What was read ahead is lost when the loop ends early.
    /// </summary>
    public static async IAsyncEnumerable<string> ReadLinesAsync(
        this Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using StreamReader reader = new(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            yield return line;
        }
    }
}
