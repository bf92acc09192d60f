using System.Diagnostics;
using System.Globalization;
using Isthmus.Native;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Planted;

/// <summary>
/// A program of somebody else that plants a situation and then waits to be looked at: Python, C or a shell. It speaks by lines, and is killed
/// with all its children in the end.
/// </summary>
internal sealed class Actor : IDisposable
{
    private const string Prelude = """
        import ctypes, fcntl, mmap, os, select, signal, socket, struct, sys, threading, time
        os.setpgid(0, 0)
        libc = ctypes.CDLL(None, use_errno=True)
        # By one write: several processes of a situation may speak at once.
        def say(*words): os.write(1, (" ".join(map(str, words)) + "\n").encode())
        def ask(): return sys.stdin.readline().strip()
        def fork(body):
            child = os.fork()
            if child == 0:
                try: body()
                finally: os._exit(0)
            return child
        def hold():
            while True: signal.pause()

        """;

    private readonly Process _process;

    private Actor(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>Runs Python; <c>say</c>, <c>ask</c>, <c>fork</c> and <c>hold</c> are there, and the usual modules.</summary>
    public static Actor Python(string script, params string[] args) => Start("python3", ["-c", Prelude + script, .. args]);

    /// <summary>Runs a shell; it gets a process group of its own.</summary>
    public static Actor Shell(string script, params string[] args) =>
        Start("setsid", [Peer.Require("bash"), "-c", script, "bash", .. args]);

    /// <summary>Compiles C and runs it.</summary>
    public static Actor C(string source, params string[] args)
    {
        using TemporaryDirectory directory = new();
        (string output, int exitCode) = Peer.Run("gcc", ["-x", "c", "-o", directory["actor"], "-pthread", "-", "-lrt"], source);
        Assert.True(exitCode == 0, output);
        // It is running when its first line comes, and needs its file no more.
        return Start("setsid", [directory["actor"], .. args]) is { } actor && actor.ReadLine() == "ready"
            ? actor
            : throw new InvalidOperationException("The program did not say 'ready'.");
    }

    public string ReadLine() => _process.StandardOutput.ReadLineAsync().OrHang().GetAwaiter().GetResult() ?? "<eof> " + ReadErrors();

    /// <summary>The next line as numbers.</summary>
    public int[] ReadNumbers()
    {
        string line = ReadLine();
        return [.. line.Split(' ').Select(word =>
            int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : throw new FormatException(line))];
    }

    public int ReadNumber() => ReadNumbers()[0];

    public void WriteLine(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    public void Dispose()
    {
        KillAll();
        Assert.True(_process.WaitForExit(Child.Limit));
        _process.Dispose();
    }

    // The whole group: children of a situation outlive the one that made it.
    private void KillAll()
    {
        _ = LibC.kill(-_process.Id, Signal.SIGKILL.Number);
        if (!_process.HasExited)
        {
            _process.Kill();
        }
    }

    // All that it has said; its children would keep that from ending.
    private string ReadErrors()
    {
        KillAll();
        return _process.StandardError.ReadToEndAsync().OrHang().GetAwaiter().GetResult();
    }

    private static Actor Start(string program, string[] args)
    {
        ProcessStartInfo start = new(Peer.Require(program), args)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new Actor(Process.Start(start)!);
    }
}
