using System.Net;

namespace Isthmus.Web;

/// <summary>
/// The command line, which <c>isthmus serve</c> passes on as it is: <c>[--listen ADDRESS:PORT | --unix PATH] [--bench FILE] [--fill]
/// [--all-users]</c>.
/// </summary>
internal sealed record ServeOptions
{
    /// <summary>Where to listen: a loopback address; port 0 for any that is free.</summary>
    public IPEndPoint Listen { get; private init; } = new(IPAddress.Loopback, 0);

    /// <summary>The path of a Unix socket to listen on instead; null for none.</summary>
    public string? UnixPath { get; private init; }

    /// <summary>A report of <c>isthmus bench --json</c> to show; null for none.</summary>
    public string? BenchFile { get; private init; }

    /// <summary>Also the bytes that wait in pipes, for which a descriptor of each is duplicated for a moment.</summary>
    public bool ReadsPipes { get; private init; }

    /// <summary>Everybody's processes, as far as they may be looked at; else those of the user who serves.</summary>
    public bool AllUsers { get; private init; }

    /// <exception cref="ServeException">It is wrong.</exception>
    public static ServeOptions Parse(IReadOnlyList<string> args)
    {
        ServeOptions options = new();
        bool listens = false;
        for (int index = 0; index < args.Count; index++)
        {
            string Value() => ++index < args.Count && args[index].Length > 0
                ? args[index]
                : throw new ServeException($"{args[index - 1]} needs a value.");
            switch (args[index])
            {
                case "--listen":
                    options = options with { Listen = ParseLoopback(Value()) };
                    listens = true;
                    break;
                case "--unix":
                    options = options with { UnixPath = Path.GetFullPath(Value()) };
                    break;
                case "--bench":
                    options = options with { BenchFile = Path.GetFullPath(Value()) };
                    break;
                case "--fill":
                    options = options with { ReadsPipes = true };
                    break;
                case "--all-users":
                    options = options with { AllUsers = true };
                    break;
                default:
                    throw new ServeException(
                        $"'{args[index]}' is no option here. "
                        + "There are --listen ADDRESS:PORT, --unix PATH, --bench FILE, --fill and --all-users.");
            }
        }
        return listens && options.UnixPath is not null ? throw new ServeException("Give either --listen or --unix.") : options;
    }

    private static IPEndPoint ParseLoopback(string text)
    {
        // Without the colon, "8080" is an address of one number.
        string numeric = text.Replace("localhost:", "127.0.0.1:", StringComparison.Ordinal);
        if (!text.Contains(':', StringComparison.Ordinal) || !IPEndPoint.TryParse(numeric, out IPEndPoint? address))
        {
            throw new ServeException($"'{text}' is no address to listen on. Write 127.0.0.1:8080; port 0 is any that is free.");
        }
        return IPAddress.IsLoopback(address.Address)
            ? address
            : throw new ServeException(
                $"{address.Address} can be reached from other machines, and what passes is not encrypted. "
                + "Listen on 127.0.0.1 and come by 'ssh -L 8080:127.0.0.1:PORT'.");
    }
}
