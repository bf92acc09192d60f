namespace Isthmus.Cli.Stress;

/// <summary>The directory of a run's objects, with its controller's identity in its name: what a killed controller has left is found by that.</summary>
internal static class StressDirectory
{
    private const string Parent = "/dev/shm", Prefix = "isthmus-stress-";

    /// <summary>Makes one, and removes those of controllers that are gone; their processes went with them.</summary>
    public static string Create()
    {
        foreach (string left in Directory.GetDirectories(Parent, Prefix + "*").Where(IsLeft))
        {
            Remove(left);
        }
        string path = Path.Combine(Parent, Prefix + ProcessIdentity.Current);
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    private static bool IsLeft(string path) =>
        ProcessIdentity.TryParse(Path.GetFileName(path)[Prefix.Length..], out ProcessIdentity controller) && controller.IsLocal
        && (!ProcessIdentity.TryOf(controller.Id, out ProcessIdentity now) || now != controller);

    private static void Remove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Another user's, or another run removes it just now.
        }
    }
}
