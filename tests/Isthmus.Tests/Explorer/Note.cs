using System.Runtime.CompilerServices;
using System.Text;

namespace Isthmus.Tests.Explorer;

/// <summary>A line of a trace, which is put together only where there is a trace.</summary>
[InterpolatedStringHandler]
internal readonly ref struct Note
{
    private readonly StringBuilder? _text;

    public Note(int literalLength, int formattedCount, World world, out bool isTold)
    {
        _ = literalLength + formattedCount;
        _text = world.Notes;
        _text?.Append(_text.Length > 0 ? ", " : "");
        isTold = _text is not null;
    }

    public void AppendLiteral(string text) => _text?.Append(text);

    public void AppendFormatted<T>(T value) => _text?.Append(value);
}
