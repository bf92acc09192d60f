using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Cli.Sockets;

/// <summary>
/// How a socket is named on the command line: <c>unix:PATH</c>, <c>unix:@NAME</c>, <c>tcp:HOST:PORT</c>,
/// <c>udp:HOST:PORT</c>.
/// </summary>
internal sealed record SocketName(string Text, UnixAddress? Unix, string Host, int Port, SocketType? FixedType)
{
    // As the resolver has it.
    private const int HostLengthMax = 255;

    /// <summary>The argument that every verb takes.</summary>
    public static Argument<SocketName> Argument() => new("name")
    {
        Description = "unix:PATH, unix:@ABSTRACT, tcp:HOST:PORT or udp:HOST:PORT (an IPv6 address in brackets).",
        CustomParser = Parse,
    };

    public override string ToString() => Text;

    /// <summary>The host's addresses; the name <c>*</c> is any of this machine's.</summary>
    public async Task<IPEndPoint> ResolveAsync(CancellationToken cancellationToken)
    {
        IPAddress[] addresses = Host == "*" ? [IPAddress.Any] : await Dns.GetHostAddressesAsync(Host, cancellationToken);
        return new IPEndPoint(addresses[0], Port);
    }

    /// <summary>
    /// The type to use: what the option says, for Unix sockets a stream by default; TCP and UDP have no choice.
    /// </summary>
    public SocketType TypeOr(SocketType? option) => FixedType is not { } type ? option ?? SocketType.Stream
        : option is null || option == type ? type
        : throw new CliException($"'{Text}' is always a {type} socket; leave --type out.");

    private static SocketName? Parse(ArgumentResult argument)
    {
        string text = argument.Tokens[0].Value;
        try
        {
            string[] parts = text.Split(':', 2);
            return parts switch
            {
                ["unix", string name] => new SocketName(text, UnixAddress.Parse(name), "", 0, null),
                ["tcp", string address] => Internet(text, address, SocketType.Stream),
                ["udp", string address] => Internet(text, address, SocketType.Dgram),
                _ => throw new FormatException("A socket's name starts with unix:, tcp: or udp:"),
            };
        }
        catch (Exception error) when (error is FormatException or ArgumentException or IOException)
        {
            string reason = error is ArgumentException refused ? CommandLine.WithoutParameter(refused) : error.Message;
            argument.AddError($"'{text}' names no socket: {reason}");
            return null;
        }
    }

    private static SocketName Internet(string text, string address, SocketType type)
    {
        int colon = address.LastIndexOf(':');
        string number = address[(colon + 1)..];
        if (colon <= 0 || !ushort.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
        {
            throw new FormatException("write HOST:PORT, the port a number up to 65535.");
        }
        string host = address[..colon].Trim('[', ']');
        return host.Length is >= 1 and <= HostLengthMax
            ? new SocketName(text, null, host, port, type)
            : throw new FormatException($"a host has 1 to {HostLengthMax} characters.");
    }
}
