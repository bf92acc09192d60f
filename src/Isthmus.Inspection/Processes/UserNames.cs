using System.Globalization;

namespace Isthmus.Inspection;

/// <summary>The names of this machine's users, from <c>/etc/passwd</c>; users from elsewhere (LDAP) keep their numbers.</summary>
public static class UserNames
{
    private static readonly Lazy<Dictionary<uint, string>> s_names = new(Read);

    /// <summary>The name of a user, or its number when it has none here.</summary>
    public static string Of(uint userId) =>
        s_names.Value.TryGetValue(userId, out string? name) ? name : userId.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether a user of this machine has the name.</summary>
    public static bool IsKnown(string name) => s_names.Value.ContainsValue(name);

    private static Dictionary<uint, string> Read()
    {
        Dictionary<uint, string> names = [];
        try
        {
            foreach (string line in File.ReadLines("/etc/passwd"))
            {
                if (line.Split(':') is [string name, _, string id, ..]
                    && uint.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out uint number))
                {
                    names.TryAdd(number, name);
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Then there are only numbers.
        }
        return names;
    }
}
