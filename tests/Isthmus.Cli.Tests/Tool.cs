using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests;

/// <summary>Runs the real executable, as a shell would.</summary>
internal static class Tool
{
    /// <summary>As it was published, where <c>ISTHMUS_TOOL</c> names the folder: it starts in half the time. Otherwise as it was built.</summary>
    public static string Path { get; } =
        System.IO.Path.Combine(Environment.GetEnvironmentVariable("ISTHMUS_TOOL") ?? AppContext.BaseDirectory, "Isthmus.Cli");

    /// <summary>Runs <c>isthmus ARGS</c> to its end; standard output, then standard error, and the exit code.</summary>
    public static (string Output, int ExitCode) Run(params string[] args) => Peer.Run(Path, args);

    /// <summary>Connects to a tool that was just started, once it listens.</summary>
    public static async Task<UnixSocket> ConnectAsync(UnixAddress address)
    {
        UnixSocket? socket = null;
        await Eventually.IsTrue(() => (socket = TryConnect(address)) is not null);
        return socket!;
    }

    /// <summary>What every failure looks like: one line on standard error, no stack trace, the exit code as documented.</summary>
    public static void AssertFails(int exitCode, string says, params string[] args)
    {
        (string output, int actual) = Run(args);
        Assert.Contains(says, output, StringComparison.Ordinal);
        Assert.Single(output.TrimEnd('\n').Split('\n'));
        Assert.Equal(exitCode, actual);
    }

    private static UnixSocket? TryConnect(UnixAddress address)
    {
        try
        {
            return UnixSocket.Connect(address);
        }
        catch (Exception error) when (error is FileNotFoundException or PosixException { Errno: Errno.ECONNREFUSED })
        {
            return null;
        }
    }
}
