using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Isthmus.Examples;

internal static class TcpUdpExample
{
    public static async Task RunAsync()
    {
        byte[] buffer = new byte[64];

        // TCP: a listening socket, and a connected one at each end.
        using TcpListener listener = new(IPAddress.Loopback, port: 0);
        listener.Start();
        using TcpClient client = new() { NoDelay = true };
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using TcpClient server = await listener.AcceptTcpClientAsync();
        await client.GetStream().WriteAsync("bytes in order"u8.ToArray());
        int length = await server.GetStream().ReadAsync(buffer);
        Console.WriteLine(Encoding.UTF8.GetString(buffer, 0, length));

        // UDP: no connection; each datagram arrives whole, or not at all.
        using Socket receiver = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        receiver.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using Socket sender = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await sender.SendToAsync("one datagram"u8.ToArray(), receiver.LocalEndPoint!);
        length = await receiver.ReceiveAsync(buffer);
        Console.WriteLine(Encoding.UTF8.GetString(buffer, 0, length));
    }
}

// Prints:
// bytes in order
// one datagram
