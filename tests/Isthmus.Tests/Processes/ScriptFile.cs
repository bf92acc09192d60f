using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Processes;

/// <summary>
/// Makes files that are started. Another process writes them: of a file that this one writes, a child that another test starts just then
/// holds a copy open for writing until its exec, and so long it cannot be started (ETXTBSY).
/// </summary>
internal static class ScriptFile
{
    public static void Write(string path, string text) =>
        Assert.Equal(("", 0), Peer.Run("sh", ["-c", "cat > \"$1\" && chmod 700 \"$1\"", "sh", path], text));
}
