using System.Diagnostics;
using System.Globalization;
using System.Text;
using Isthmus.Tests.Harness;

namespace Isthmus.Cli.Tests.Watch;

/// <summary>
/// <c>isthmus watch</c> in a terminal of ours, started by a shell of a few lines that knows jobs: it says how the job has stopped or ended, and whether the
/// terminal then edits lines and echoes, as it did before.
/// </summary>
internal sealed class WatchedScreen : IDisposable
{
    private const string Shell = """
        import os, signal, sys, termios
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        os.environ.pop("NO_COLOR", None)
        job = os.fork()
        if job == 0:
            os.setpgid(0, 0); os.tcsetpgrp(0, os.getpid())
            signal.signal(signal.SIGTTOU, signal.SIG_DFL)
            os.execv(sys.argv[1], sys.argv[1:])
        print("shell: job %d." % job, flush=True)
        while True:
            _, status = os.waitpid(job, os.WUNTRACED)
            os.tcsetpgrp(0, os.getpgrp())
            flags = termios.tcgetattr(0)[3]
            mode = "cooked" if flags & termios.ECHO and flags & termios.ICANON else "raw"
            how = "stopped" if os.WIFSTOPPED(status) else "ended %d" % os.waitstatus_to_exitcode(status)
            print("shell: %s, %s." % (how, mode), flush=True)
            if not os.WIFSTOPPED(status): break
            sys.stdin.readline()
            os.tcsetpgrp(0, job); os.killpg(job, signal.SIGCONT)
        """;

    private readonly PseudoTerminal _terminal;
    private readonly ChildProcess _shell;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private string _unread = "";

    private WatchedScreen(PseudoTerminal terminal, ChildProcess shell)
    {
        _terminal = terminal;
        _shell = shell;
    }

    /// <summary>The tool's own number.</summary>
    public int JobId { get; private set; }

    public static Task<WatchedScreen> StartAsync(TerminalSize size, params string[] args) => StartAsync(size, [Peer.Require("python3")], args);

    /// <summary>As nobody, who has mounts of his own.</summary>
    public static Task<WatchedScreen> StartElsewhereAsync(TerminalSize size, params string[] args) => StartAsync(
        size,
        [
            Peer.Require("unshare"), "--mount", Peer.Require("setpriv"), $"--reuid={Elsewhere.Nobody}", $"--regid={Elsewhere.Nobody}", "--clear-groups",
            Peer.Require("python3"),
        ],
        args);

    private static async Task<WatchedScreen> StartAsync(TerminalSize size, string[] python, string[] args)
    {
        PseudoTerminal terminal = PseudoTerminal.Create(size);
        StandardStream side = StandardStream.Terminal(terminal);
        ChildProcess shell = ChildProcess.Start(new ChildProcessOptions
        {
            FileName = python[0],
            Arguments = [.. python[1..], "-c", Shell, Tool.Path, "watch", .. args],
            StandardInput = side,
            StandardOutput = side,
            StandardError = side,
        });
        WatchedScreen screen = new(terminal, shell);
        string said = await screen.ReadToAsync("shell: job ", ".");
        screen.JobId = int.Parse(said, CultureInfo.InvariantCulture);
        return screen;
    }

    public void Press(string keys) => _terminal.Write(Encoding.UTF8.GetBytes(keys));

    public void Resize(TerminalSize size) => _terminal.Size = size;

    /// <summary>Reads on until a text comes; what stood before it.</summary>
    public async Task<string> ReadToAsync(string text)
    {
        // Screens come without an end.
        using CancellationTokenSource hung = new(Child.Limit);
        int at;
        while ((at = _unread.IndexOf(text, StringComparison.Ordinal)) < 0)
        {
            int count = await ReadAsync(text, hung.Token);
            Assert.True(count > 0, $"The terminal ended before '{text}', after '{_unread}'.");
            char[] characters = new char[_decoder.GetCharCount(_buffer, 0, count)];
            _decoder.GetChars(_buffer, 0, count, characters, 0);
            _unread += new string(characters);
        }
        string before = _unread[..at];
        _unread = _unread[(at + text.Length)..];
        return before;
    }

    /// <summary>Reads the next screen as a whole, from its first line on: what who looks at it sees.</summary>
    public async Task<string> ReadScreenAsync()
    {
        await ReadToAsync("\e[H");
        return await ReadToAsync("\e[J");
    }

    /// <summary>Reads screens until one holds a text.</summary>
    public Task<string> ReadScreenWithAsync(string text) =>
        ReadScreensAsync(screen => screen.Contains(text, StringComparison.Ordinal), $"'{text}' does not come");

    /// <summary>Reads screens until one does not hold a text.</summary>
    public Task<string> ReadScreenWithoutAsync(string text) =>
        ReadScreensAsync(screen => !screen.Contains(text, StringComparison.Ordinal), $"'{text}' does not go");

    public void Dispose()
    {
        // Hangs up.
        _terminal.Dispose();
        _shell.WaitAsync().OrHang().GetAwaiter().GetResult();
        _shell.Dispose();
    }

    private async Task<string> ReadScreensAsync(Func<string, bool> isIt, string otherwise)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (true)
        {
            string screen = await ReadScreenAsync();
            if (isIt(screen))
            {
                return screen;
            }
            Assert.True(clock.Elapsed < Child.Limit, $"{otherwise}. The last screen: {screen}");
        }
    }

    private async Task<int> ReadAsync(string text, CancellationToken hung)
    {
        try
        {
            return await _terminal.ReadAsync(_buffer, hung);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"'{text}' does not come. The last that came: {_unread[Math.Max(_unread.Length - 2000, 0)..]}");
        }
    }

    private async Task<string> ReadToAsync(string before, string after)
    {
        await ReadToAsync(before);
        return await ReadToAsync(after);
    }
}
