using System.Collections;

namespace Isthmus;

/// <summary>Makes a program's environment: <c>NAME=value</c> strings from what this process has and what the options
/// change.</summary>
internal static class EnvironmentBlock
{
    public static List<string> Create(IReadOnlyDictionary<string, string?> changes, bool inherits)
    {
        foreach (string name in changes.Keys)
        {
            ThrowIfUnfit(name);
        }
        List<string> block = inherits ? Inherited(changes) : [];
        foreach ((string name, string? value) in changes)
        {
            if (value is not null)
            {
                block.Add(name + "=" + value);
            }
        }
        return block;
    }

    // From the runtime, not from C's environ: the runtime keeps its own copy, and that is what the program has changed.
    private static List<string> Inherited(IReadOnlyDictionary<string, string?> changes)
    {
        IDictionary inherited = Environment.GetEnvironmentVariables();
        List<string> block = new(inherited.Count + changes.Count);
        foreach (DictionaryEntry variable in inherited)
        {
            string name = (string)variable.Key;
            if (changes.Count == 0 || !changes.ContainsKey(name))
            {
                block.Add(name + "=" + (string?)variable.Value);
            }
        }
        return block;
    }

    private static void ThrowIfUnfit(string name)
    {
        if (name.Length == 0 || name.Contains('=', StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{name}' cannot name an environment variable: it is empty or contains '='.", nameof(name));
        }
    }
}
