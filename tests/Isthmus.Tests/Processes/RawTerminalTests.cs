using Isthmus.Native;
using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Processes;

/// <summary>What is said of the mode, stty says too.</summary>
public sealed class RawTerminalTests : IDisposable
{
    private readonly PseudoTerminal _terminal = PseudoTerminal.Create(new TerminalSize(100, 30));
    private readonly SafeFileHandle _side;

    public RawTerminalTests() => _side = LibC.Check(LibC.open(_terminal.Name, LibC.O_RDWR | LibC.O_NOCTTY | LibC.O_CLOEXEC), _terminal.Name);

    public void Dispose()
    {
        _side.Dispose();
        _terminal.Dispose();
    }

    [Fact]
    public async Task A_key_is_read_as_it_is_pressed_and_not_echoed()
    {
        using RawTerminal mode = RawTerminal.Enter(_side, keepsSignals: true);
        await _terminal.WriteAsync("k\r"u8.ToArray()).OrHang();
        byte[] keys = new byte[2];
        using FileStream side = new(_side, FileAccess.ReadWrite, bufferSize: 0);
        await side.ReadExactlyAsync(keys).OrHang();
        Assert.Equal("k\r"u8.ToArray(), keys);
        // Had it been echoed, that would stand before.
        side.Write("on"u8);
        byte[] seen = new byte[10];
        Assert.Equal(2, await _terminal.ReadAsync(seen).OrHang());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_mode_is_given_back_once(bool keepsSignals)
    {
        string before = Mode();
        RawTerminal mode = RawTerminal.Enter(_side, keepsSignals);
        string within = Mode();
        Assert.Contains(" -icanon ", within, StringComparison.Ordinal);
        Assert.Contains(" -echo ", within, StringComparison.Ordinal);
        Assert.Contains(keepsSignals ? " isig " : " -isig ", within, StringComparison.Ordinal);
        Assert.Contains(keepsSignals ? " opost " : " -opost ", within, StringComparison.Ordinal);
        mode.Dispose();
        Assert.Equal(before, Mode());
        using RawTerminal again = RawTerminal.Enter(_side, keepsSignals);
        mode.Dispose();
        Assert.Equal(within, Mode());
    }

    [Fact]
    public void What_is_no_terminal_is_refused()
    {
        using SafeFileHandle file = File.OpenHandle("/dev/null");
        Assert.Equal(Errno.ENOTTY, Assert.Throws<PosixException>(() => RawTerminal.Enter(file, keepsSignals: true)).Errno);
        Assert.Equal(Errno.ENOTTY, Assert.Throws<PosixException>(() => TerminalSize.Of(file)).Errno);
    }

    [Fact]
    public void Who_hangs_up_first_is_no_failure()
    {
        RawTerminal mode = RawTerminal.Enter(_side, keepsSignals: true);
        _terminal.Dispose();
        mode.Dispose();
    }

    [Fact]
    public void The_size_is_that_of_the_terminal() => Assert.Equal(new TerminalSize(100, 30), TerminalSize.Of(_side));

    private string Mode()
    {
        (string output, int exitCode) = Peer.Run("stty", ["-a", "-F", _terminal.Name]);
        Assert.Equal(0, exitCode);
        return $" {output.ReplaceLineEndings(" ").Replace(";", " ", StringComparison.Ordinal)} ";
    }
}
