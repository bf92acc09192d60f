namespace Isthmus.Tests.Harness;

/// <summary>Runs a child's body as another user, or where the kernel's IPC objects and limits are its own.</summary>
internal static class Elsewhere
{
    /// <summary>The user and group "nobody".</summary>
    public const uint Nobody = 65534;

    /// <summary>Runs the body as nobody; what it printed.</summary>
    public static string AsNobody(Action<string[]> body, params string[] args) => Run(
        "setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", "--", Environment.ProcessPath!, .. Child.Arguments(body, args)]);

    /// <summary>
    /// Runs the body as this user, but without a capability: what others of this user have, who have some, may not be looked at, as where ptrace_scope is 1.
    /// What it printed.
    /// </summary>
    public static string WithoutCapabilities(Action<string[]> body, params string[] args) => Run(
        "setpriv", ["--bounding-set=-all", "--inh-caps=-all", "--", Environment.ProcessPath!, .. Child.Arguments(body, args)]);

    /// <summary>
    /// Runs a shell command, then the body, in an ipc namespace of their own: the command may set limits there. What they printed.
    /// </summary>
    public static string InIpcNamespace(string command, Action<string[]> body, params string[] args) => Run(
        "unshare", ["--ipc", "sh", "-c", command + "\nexec \"$@\"", "sh", Environment.ProcessPath!, .. Child.Arguments(body, args)]);

    private static string Run(string program, string[] args)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only the superuser can become somebody else, or make a namespace.");
        (string output, int exitCode) = Peer.Run(program, args);
        Assert.True(exitCode == 0, output);
        return output;
    }
}
