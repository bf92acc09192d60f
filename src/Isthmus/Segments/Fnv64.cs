using System.Text;

namespace Isthmus;

/// <summary>FNV-1a in 64 bits: a number for a text, the same in every program.</summary>
internal static class Fnv64
{
    public static ulong Hash(string text)
    {
        const ulong Basis = 0xcbf29ce484222325, Prime = 0x100000001b3;
        ulong hash = Basis;
        foreach (byte each in Encoding.UTF8.GetBytes(text))
        {
            hash = (hash ^ each) * Prime;
        }
        return hash;
    }
}
