using System.Text;

namespace Isthmus.Cli.Watch;

/// <summary>
/// The terminal while it is watched: keys come as they are pressed, and the screen is another one than that with the shell's lines, which comes back
/// unchanged.
/// </summary>
internal sealed class WatchTerminal : IDisposable
{
    // The alternate screen, no cursor, no line that goes on in the next one (xterm's control sequences).
    private const string Begin = "\e[?1049h\e[?25l\e[?7l";
    private const string End = "\e[?7h\e[?25h\e[?1049l";

    private readonly SafeFileHandle _input = new(0, ownsHandle: false);
    private readonly SafeFileHandle _output = new(1, ownsHandle: false);
    private readonly FileStream _screen;
    private readonly bool _hasColours = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
    private RawTerminal? _mode;

    // Not the console's stream, with which the runtime would set up the terminal as it likes it.
    public WatchTerminal() => _screen = new FileStream(_output, FileAccess.Write, bufferSize: 0);

    /// <summary>Somebody sits there: both keys and screen are a terminal's.</summary>
    public static bool IsThere => !Console.IsInputRedirected && !Console.IsOutputRedirected;

    /// <summary>Its user has gone: the window was closed, or the connection lost.</summary>
    public bool IsHungUp { get; private set; }

    public TerminalSize Size
    {
        get
        {
            try
            {
                return TerminalSize.Of(_output) is { Columns: > 0, Rows: > 0 } size ? size : TerminalSize.Default;
            }
            catch (IOException)
            {
                IsHungUp = true;
                return TerminalSize.Default;
            }
        }
    }

    /// <summary>Takes the terminal; again after <see cref="Leave"/>.</summary>
    public void Enter()
    {
        if (_mode is null)
        {
            try
            {
                _mode = RawTerminal.Enter(_input, keepsSignals: true);
                Write(Begin);
            }
            catch (PosixException error) when (error.Errno == Errno.EIO)
            {
                IsHungUp = true;
            }
        }
    }

    /// <summary>Gives it back as it was.</summary>
    public void Leave()
    {
        if (_mode is { } mode)
        {
            _mode = null;
            Write(End);
            mode.Dispose();
        }
    }

    /// <summary>Shows these lines, by one write, so that nothing flickers.</summary>
    public void Show(IReadOnlyList<ScreenLine> lines)
    {
        StringBuilder text = new("\e[H");
        for (int index = 0; index < lines.Count; index++)
        {
            text.Append(index == 0 ? "" : "\r\n").Append(Sequence(lines[index])).Append(lines[index].Text).Append("\e[0m\e[K");
        }
        Write(text.Append("\e[J").ToString());
    }

    public void Dispose()
    {
        Leave();
        _mode?.Dispose();
        _screen.Dispose();
        _input.Dispose();
        _output.Dispose();
    }

    private string Sequence(ScreenLine line) => (line.IsChosen || line.Style == ScreenStyle.Head ? "\e[7m" : "") + line.Style switch
    {
        ScreenStyle.Faint => "\e[2m",
        ScreenStyle.HeldUp => _hasColours ? "\e[33m" : "",
        ScreenStyle.Stuck => _hasColours ? "\e[31m" : "\e[1m",
        _ => "",
    };

    private void Write(string text)
    {
        try
        {
            _screen.Write(Encoding.UTF8.GetBytes(text));
        }
        catch (IOException)
        {
            IsHungUp = true;
        }
    }
}
