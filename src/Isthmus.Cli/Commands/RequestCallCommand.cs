using System.CommandLine;
using System.Globalization;
using System.Text;
using Isthmus.Cli.Inspection;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus request call</c>: standard input to a server, its reply to standard output.</summary>
internal static class RequestCallCommand
{
    public static Command Create()
    {
        CliCommand command = new("call", "Send standard input as one request, or each line as one, and print each reply.")
        {
            Examples =
            [
                "echo 2+2 | isthmus request call calculator --wait --timeout 10s",
                "isthmus request call thumbnails < photo.jpg > small.jpg",
                "isthmus request call lookup --lines < names",
                "isthmus request call export --parts < query > all.csv",
            ],
        };
        SharedNameInput name = SharedNameInput.AddTo(command);
        Option<bool> lines = new("--lines") { Description = "Each line is a request, without its newline; each reply ends with one." };
        Option<bool> nul = new("-0") { Description = "Each request, and each reply, ends with a NUL." };
        Option<bool> parts = new("--parts") { Description = "Take a reply of any length, in parts, and print each as it comes." };
        Option<bool> wait = new("--wait") { Description = "Wait until somebody serves." };
        Option<TimeSpan?> timeout = TimeLimit.Option();
        foreach (Option option in (Option[])[lines, nul, parts, wait, timeout])
        {
            command.Add(option);
        }
        command.Validators.Add(result =>
        {
            if (result.GetValue(lines) && result.GetValue(nul))
            {
                result.AddError("--lines and -0 exclude each other.");
            }
        });
        command.SetAction((line, interrupted) =>
        {
            byte? delimiter = line.GetValue(lines) ? (byte)'\n' : line.GetValue(nul) ? (byte)0 : null;
            RequestClient client = RequestClient.Open(name.Get(line), name.Options(line, new SharedObjectOptions()));
            return TimeLimit.RunAsync(
                line.GetValue(timeout),
                async token =>
                {
                    using (client)
                    {
                        await (line.GetValue(wait) ? client.WaitForServerAsync(token) : default);
                        return await CallAsync(client, delimiter, line.GetValue(parts), token);
                    }
                },
                interrupted);
        });
        return command;
    }

    private static async Task<int> CallAsync(RequestClient client, byte? delimiter, bool inParts, CancellationToken cancellationToken)
    {
        await using MessageOutput output = MessageOutput.OfStream();
        byte[] reply = new byte[client.MaxReply];
        await foreach (ReadOnlyMemory<byte> request in MessageInput.ReadAsync(delimiter, cancellationToken))
        {
            if (inParts)
            {
                await PrintPartsAsync(client, request, output, cancellationToken);
            }
            else
            {
                CallResult result = await client.CallAsync(request, reply, cancellationToken);
                Check(result.Outcome, result.ErrorCode, reply.AsSpan(0, result.Length));
                await output.PrintPartAsync(reply.AsMemory(0, result.Length), cancellationToken);
            }
            if (delimiter is { } end)
            {
                await output.PrintPartAsync(new[] { end }, cancellationToken);
            }
        }
        return ExitCode.Done;
    }

    private static async Task PrintPartsAsync(
        RequestClient client, ReadOnlyMemory<byte> request, MessageOutput output, CancellationToken cancellationToken)
    {
        using ReplyParts parts = client.CallInParts(request.Span);
        while (await parts.MoveNextAsync(cancellationToken))
        {
            await output.PrintPartAsync(parts.Current.ToArray(), cancellationToken);
        }
        Check(parts.Outcome!.Value, parts.ErrorCode, parts.Current);
    }

    private static void Check(CallOutcome outcome, int code, ReadOnlySpan<byte> details)
    {
        if (outcome != CallOutcome.Replied)
        {
            throw new CliException(
                outcome switch
                {
                    CallOutcome.Failed => string.Create(CultureInfo.InvariantCulture, $"The server failed with code {code}: {TextOf(details)}"),
                    CallOutcome.NoServer => "Nobody serves.",
                    CallOutcome.ServerDied => "The server died, or left, with the request.",
                    CallOutcome.Unanswered => "The server left the request unanswered.",
                    _ => "Too many calls at once.",
                },
                ExitCode.No);
        }
    }

    private static string TextOf(ReadOnlySpan<byte> details) => Printable.Of(Encoding.UTF8.GetString(details).Trim());
}
