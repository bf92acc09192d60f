using System.Net.Sockets;
using System.Text;

namespace Isthmus.Cli.Bench;

/// <summary>
/// How the tool and its peer process talk about the work, beside the mechanism that is measured: lines of text with
/// descriptors, over a socket that keeps message borders.
/// </summary>
internal sealed class ControlChannel(UnixSocket socket) : IDisposable
{
    private const int TextBytesMax = 4096;

    private readonly byte[] _buffer = new byte[TextBytesMax];

    public void Send(string text, IReadOnlyList<SafeFileHandle> handles) =>
        socket.SendMessage(Encoding.UTF8.GetBytes(text), new UnixSendOptions { Handles = handles });

    public void Send(string text) => socket.Send(Encoding.UTF8.GetBytes(text));

    /// <summary>The next line; null when the other process is gone.</summary>
    public (string Text, IReadOnlyList<SafeFileHandle> Handles)? Receive()
    {
        ReceivedMessage message = socket.ReceiveMessage(_buffer);
        return message.Length == 0 ? null : (Encoding.UTF8.GetString(_buffer, 0, message.Length), message.Handles);
    }

    /// <summary>Ends the talk for both processes, and a wait for it in this one.</summary>
    public void Dispose()
    {
        socket.Shutdown(SocketShutdown.Both);
        socket.Dispose();
    }
}
