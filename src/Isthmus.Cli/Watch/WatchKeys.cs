using System.Text;

namespace Isthmus.Cli.Watch;

/// <summary>
/// Makes keys of the bytes that a terminal sends: characters in UTF-8, and the sequences of xterm and its like (ECMA-48) for the others. A lone ESC at the
/// end of what was read is the key Escape: terminals send a sequence at once.
/// </summary>
internal sealed class WatchKeys
{
    private const char Esc = '\e';

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private string _begun = "";

    public IReadOnlyList<WatchKey> Read(ReadOnlySpan<byte> bytes)
    {
        char[] characters = new char[_decoder.GetCharCount(bytes, flush: false)];
        _decoder.GetChars(bytes, characters, flush: false);
        string text = _begun + new string(characters);
        _begun = "";
        List<WatchKey> keys = [];
        for (int at = 0; at < text.Length;)
        {
            int length = LengthAt(text, at);
            if (length == 0)
            {
                _begun = text[at..];
                break;
            }
            keys.Add(length == 1 ? Single(text[at]) : Sequence(text.Substring(at, length)));
            at += length;
        }
        return keys;
    }

    // 0 when its end is still to come.
    private static int LengthAt(string text, int at)
    {
        if (text[at] != Esc || at + 1 == text.Length || text[at + 1] is not ('[' or 'O'))
        {
            return 1;
        }
        for (int end = at + 2; end < text.Length; end++)
        {
            // Parameters, then one final character.
            if (text[end] is >= '@' and <= '~')
            {
                return end - at + 1;
            }
        }
        return 0;
    }

    private static WatchKey Single(char character) => character switch
    {
        Esc => new(WatchKeyKind.Escape),
        '\r' or '\n' => new(WatchKeyKind.Enter),
        '\t' => new(WatchKeyKind.Tab),
        '\x7f' or '\b' => new(WatchKeyKind.Backspace),
        < ' ' => new(WatchKeyKind.Other),
        _ => WatchKey.Of(character),
    };

    private static WatchKey Sequence(string text) => new((text[^1], text[2..^1]) switch
    {
        ('A', _) => WatchKeyKind.Up,
        ('B', _) => WatchKeyKind.Down,
        ('C', _) => WatchKeyKind.Right,
        ('D', _) => WatchKeyKind.Left,
        ('H', _) or ('~', "1" or "7") => WatchKeyKind.Home,
        ('F', _) or ('~', "4" or "8") => WatchKeyKind.End,
        ('~', "5") => WatchKeyKind.PageUp,
        ('~', "6") => WatchKeyKind.PageDown,
        _ => WatchKeyKind.Other,
    });
}
