using System.Text;
using Isthmus.Cli.Watch;

namespace Isthmus.Cli.Tests.Watch;

/// <summary>What terminals send for a key is that key, however it is cut into pieces.</summary>
public sealed class WatchKeysTests
{
    [Theory]
    [InlineData("\e[A", "Up")]
    [InlineData("\eOA", "Up")]
    [InlineData("\e[B\e[C\e[D", "Down Right Left")]
    [InlineData("\e[5~\e[6~\e[1~\e[4~\e[H\e[F", "PageUp PageDown Home End Home End")]
    [InlineData("\r\t\x7f\b\e", "Enter Tab Backspace Backspace Escape")]
    [InlineData("\e\e[A", "Escape Up")]
    [InlineData("\e[1;5A\e[3~\x01", "Up Other Other")]
    [InlineData("qä", "q ä")]
    public void Keys_are_known(string text, string expected)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Assert.Equal(expected, Names(new WatchKeys().Read(bytes)));
        // A terminal that is far away sends it in pieces; only a lone ESC is a key of its own.
        if (text[0] != '\e')
        {
            WatchKeys keys = new();
            Assert.Equal(expected, Names([.. bytes.SelectMany(each => keys.Read([each]))]));
        }
    }

    [Fact]
    public void A_sequence_that_is_cut_goes_on_with_the_next_bytes()
    {
        WatchKeys keys = new();
        Assert.Empty(keys.Read("\e["u8));
        Assert.Empty(keys.Read("5"u8));
        Assert.Equal("PageUp q", Names(keys.Read("~q"u8)));
    }

    private static string Names(IReadOnlyList<WatchKey> keys) =>
        string.Join(' ', keys.Select(key => key.Kind == WatchKeyKind.Character ? key.Character.ToString() : key.Kind.ToString()));
}
