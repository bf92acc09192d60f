using System.Globalization;
using System.Text;
using Isthmus.Native;
using Isthmus.Tests.Harness;
using Isthmus.Tests.Planted;

namespace Isthmus.Cli.Tests.Watch;

/// <summary>The real executable in a real terminal: what is seen, what keys do, and that the terminal is as before however it ends.</summary>
public sealed class WatchTerminalTests
{
    private const string Begin = "\e[?1049h", End = "\e[?1049l";

    private static readonly TerminalSize s_wide = new(200, 50), s_wider = new(400, 50), s_tall = new(200, 200);

    [Fact]
    public async Task Keys_change_what_is_seen_and_q_ends_it()
    {
        using Actor talkers = Talkers();
        int[] ids = talkers.ReadNumbers();
        string pipe = Number(ids[2]);
        // All that were started by the same shell talk by its pipes.
        using WatchedScreen screen = await WatchedScreen.StartAsync(s_tall, "--pid", Number(ids[0]), "--interval", "50ms");
        await screen.ReadToAsync(Begin);
        string first = await screen.ReadScreenWithAsync($"{ids[1]}  ");
        Assert.Contains(" PID", first, StringComparison.Ordinal);
        await screen.ReadScreenWithAsync("rates of ");

        screen.Press("\t");
        string edges = await screen.ReadScreenWithAsync("KIND");
        Assert.Contains($"{ids[0]} ", edges, StringComparison.Ordinal);
        Assert.Contains(" writes", edges, StringComparison.Ordinal);

        screen.Press("/no such thing");
        await screen.ReadScreenWithAsync("There is nothing that fits.");
        screen.Press("\e");
        await screen.ReadScreenWithAsync("pipe ");
        screen.Press($"/{pipe}\r");
        await screen.ReadScreenWithAsync($"[filter: {pipe}]");

        screen.Press("\r");
        string opened = await screen.ReadScreenWithAsync("Esc back");
        Assert.Contains($"id:               pipe:{pipe}", opened, StringComparison.Ordinal);
        Assert.Contains(" reads", opened, StringComparison.Ordinal);
        screen.Press("\e");
        await screen.ReadScreenWithAsync($"[filter: {pipe}]");
        screen.Press("\e");
        await screen.ReadScreenWithoutAsync("[filter: ");

        screen.Press("\t");
        await screen.ReadScreenWithAsync("COMMAND");
        // The first of all may be a short-lived one of another test, which has the same pipes.
        screen.Press($"/{ids[0]}\r");
        await screen.ReadScreenWithAsync($"[filter: {ids[0]}]");
        screen.Press("\r");
        await screen.ReadScreenWithAsync("namespaces:");
        screen.Press("?");
        await screen.ReadScreenWithAsync("choose a row");
        screen.Press("x");
        await screen.ReadScreenWithAsync("namespaces:");

        screen.Press("q");
        await screen.ReadToAsync(End);
        await screen.ReadToAsync("shell: ended 0, cooked.");
    }

    [Fact]
    public async Task Who_is_stuck_stands_on_top_in_red()
    {
        using TemporaryDirectory directory = new();
        using Actor actor = Deadlocked(directory.Root);
        int[] ids = actor.ReadNumbers();
        // A line is cut where the screen ends, and this one has names and numbers that may be long.
        using WatchedScreen screen = await WatchedScreen.StartAsync(s_wider, "--pid", Number(ids[0]), "--interval", "50ms");
        string seen = await screen.ReadScreenWithAsync(": a deadlock of 2 processes.");
        Assert.Contains("\e[31m", seen, StringComparison.Ordinal);
        screen.Press("b");
        seen = await screen.ReadScreenWithAsync("[only blocked]");
        Assert.Contains("deadlock ", seen, StringComparison.Ordinal);
        screen.Press("\t");
        seen = await screen.ReadScreenWithAsync("stuck ");
        Assert.Contains("lock ", seen, StringComparison.Ordinal);
        // Once nobody is stuck any more, it says so.
        Array.ForEach(ids, id => Assert.Equal(0, LibC.kill(id, Signal.SIGKILL.Number)));
        await screen.ReadScreenWithAsync("Nobody is blocked.");
        screen.Press("q");
        await screen.ReadToAsync("shell: ended 0, cooked.");
    }

    [Fact]
    public async Task A_new_size_is_used_at_once()
    {
        using WatchedScreen screen = await WatchedScreen.StartAsync(new TerminalSize(40, 10), "--interval", "1h");
        string small = await screen.ReadScreenAsync();
        Assert.Equal(10, small.Split("\r\n").Length);
        Assert.DoesNotContain("q quit", small, StringComparison.Ordinal);
        screen.Resize(s_wide);
        string large = await screen.ReadScreenWithAsync("q quit");
        Assert.Equal(50, large.Split("\r\n").Length);
    }

    [Fact]
    public async Task Control_C_ends_it_as_q_does()
    {
        using WatchedScreen screen = await WatchedScreen.StartAsync(s_wide);
        await screen.ReadScreenAsync();
        screen.Press("\x03");
        await screen.ReadToAsync(End);
        await screen.ReadToAsync("shell: ended 0, cooked.");
    }

    [Fact]
    public async Task A_signal_ends_it_and_the_terminal_is_given_back()
    {
        using WatchedScreen screen = await WatchedScreen.StartAsync(s_wide);
        await screen.ReadScreenAsync();
        using ProcessHandle job = ProcessHandle.Open(screen.JobId);
        job.Send(Signal.SIGTERM);
        await screen.ReadToAsync(End);
        await screen.ReadToAsync("shell: ended 143, cooked.");
    }

    [Fact]
    public async Task Control_Z_gives_the_terminal_back_until_it_goes_on()
    {
        using WatchedScreen screen = await WatchedScreen.StartAsync(s_wide);
        await screen.ReadScreenAsync();
        screen.Press("\x1a");
        await screen.ReadToAsync(End);
        await screen.ReadToAsync("shell: stopped, cooked.");
        screen.Press("fg\n");
        await screen.ReadToAsync(Begin);
        await screen.ReadScreenWithAsync("q quit");
        screen.Press("q");
        await screen.ReadToAsync(End);
        await screen.ReadToAsync("shell: ended 0, cooked.");
    }

    [Fact]
    public async Task A_failure_is_told_behind_the_screen()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only the superuser can take /proc away from somebody.");
        using WatchedScreen screen = await WatchedScreen.StartElsewhereAsync(s_wide, "--interval", "50ms");
        await screen.ReadScreenAsync();
        (string output, int exitCode) = Peer.Run(
            "nsenter", ["--mount", "--target", Number(screen.JobId), "mount", "-t", "tmpfs", "-o", "mode=000", "none", "/proc"]);
        Assert.True(exitCode == 0, output);
        await screen.ReadToAsync(End);
        Assert.Contains("isthmus watch: ", await screen.ReadToAsync("shell: ended 3, cooked."), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_ends_by_itself_after_so_many_looks()
    {
        using WatchedScreen screen = await WatchedScreen.StartAsync(s_wide, "--count", "2", "--interval", "50ms");
        await screen.ReadScreenWithAsync("rates of ");
        await screen.ReadToAsync("shell: ended 0, cooked.");
    }

    [Fact]
    public async Task It_ends_when_the_terminal_hangs_up()
    {
        PseudoTerminal terminal = PseudoTerminal.Create(s_wide);
        StandardStream side = StandardStream.Terminal(terminal);
        using ChildProcess tool = ChildProcess.Start(new ChildProcessOptions
        {
            FileName = Tool.Path,
            Arguments = ["watch"],
            StandardInput = side,
            StandardOutput = side,
        });
        StringBuilder seen = new();
        byte[] buffer = new byte[1000];
        while (!seen.ToString().Contains(Begin, StringComparison.Ordinal))
        {
            int count = await terminal.ReadAsync(buffer).OrHang();
            Assert.True(count > 0, $"The terminal was closed after '{seen}'.");
            seen.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }
        terminal.Dispose();
        Assert.Equal(128 + Signal.SIGHUP.Number, (await tool.WaitAsync().OrHang()).ShellCode);
    }

    // Two that share a pipe, and its number.
    private static Actor Talkers() => Actor.Python("""
        read, write = os.pipe()
        def reader():
            os.close(write); os.read(read, 1)
        def writer():
            os.close(read); hold()
        ids = fork(reader), fork(writer)
        say(*ids, os.fstat(read).st_ino)
        os.close(read); os.close(write); hold()
        """);

    private static Actor Deadlocked(string directory) => Actor.Python("""
        ready, go = os.pipe(), os.pipe()
        def body(own, other):
            mine = open(sys.argv[1] + own, "w"); fcntl.flock(mine, fcntl.LOCK_EX)
            os.write(ready[1], b"x"); os.read(go[0], 1)
            theirs = open(sys.argv[1] + other, "w"); fcntl.flock(theirs, fcntl.LOCK_EX)
        ids = fork(lambda: body("/a", "/b")), fork(lambda: body("/b", "/a"))
        for _ in ids: os.read(ready[0], 1)
        os.write(go[1], b"xx")
        say(*ids); hold()
        """, directory);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
