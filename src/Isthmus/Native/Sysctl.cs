using System.Globalization;

namespace Isthmus.Native;

/// <summary>Limits of this machine, as the kernel shows them below /proc/sys; for error texts and for choosing sizes.</summary>
internal static class Sysctl
{
    /// <summary>The number behind a name such as <c>fs.mqueue.msg_max</c>; null where the kernel or the container does not show it.</summary>
    public static long? Read(string name)
    {
        try
        {
            string text = File.ReadAllText("/proc/sys/" + name.Replace('.', '/'));
            return long.TryParse(text.AsSpan().Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>For a message: the limit's number and name, <c>10 (fs.mqueue.msg_max)</c>.</summary>
    public static string Describe(string name) =>
        Read(name) is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value} ({name})") : $"a number that is not shown here ({name})";
}
