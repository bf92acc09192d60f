using System.Globalization;

namespace Isthmus.Cli;

/// <summary>Whether somebody would notice that this process stops, and let it go on.</summary>
internal static class JobControl
{
    /// <summary>
    /// The group of this process has a parent in its session: a shell, most likely, that waits for its jobs. Where it has
    /// none (the first process of a container, of <c>ssh -t</c>, of a terminal's window) the group is orphaned, as POSIX
    /// calls it, and the kernel too ignores Ctrl+Z there.
    /// </summary>
    public static bool HasParent
    {
        get
        {
            if (Read(Environment.ProcessId) is not { } self)
            {
                return false;
            }
            // Scripts in between are of our group, and would stop with us.
            Place? above = self;
            while (above is { } place && place.Group == self.Group)
            {
                above = Read(place.Parent);
            }
            return above?.Session == self.Session;
        }
    }

    // Null for a process that is not there, or that we may not see: nothing above us that we know of.
    private static Place? Read(int processId)
    {
        try
        {
            // Fields of proc_pid_stat(5); the second is the name, in parentheses, which may hold anything.
            string text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
            string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new Place(Number(fields[1]), Number(fields[2]), Number(fields[3]));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private readonly record struct Place(int Parent, int Group, int Session);
}
