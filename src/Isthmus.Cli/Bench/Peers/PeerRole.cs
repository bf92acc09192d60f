using System.Globalization;

namespace Isthmus.Cli.Bench;

/// <summary>A piece of work of the peer process, named in <see cref="BenchCatalog"/>. It answers at least once.</summary>
internal delegate void PeerRole(PeerProgram peer, PeerOrder order);

/// <summary>One line of the control channel: a verb, then words, and the descriptors that came with it.</summary>
internal sealed record PeerOrder(string Verb, string[] Words, IReadOnlyList<SafeFileHandle> Handles)
{
    public int Int(int index) => int.Parse(Words[index], CultureInfo.InvariantCulture);

    public ulong Seed(int index) => ulong.Parse(Words[index], CultureInfo.InvariantCulture);

    /// <summary>Words are separated by tabs: paths may contain blanks.</summary>
    public static string Format(string verb, params ReadOnlySpan<object> words)
    {
        List<string> line = [verb];
        foreach (object word in words)
        {
            line.Add(Convert.ToString(word, CultureInfo.InvariantCulture)!);
        }
        return string.Join('\t', line);
    }

    public static PeerOrder Parse(string line, IReadOnlyList<SafeFileHandle> handles)
    {
        string[] words = line.Split('\t');
        return new PeerOrder(words[0], words[1..], handles);
    }
}
