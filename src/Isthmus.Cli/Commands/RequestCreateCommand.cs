using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus request create</c>.</summary>
internal static class RequestCreateCommand
{
    private const int BytesMost = 1 << 30, CallsMost = 64;

    public static Command Create()
    {
        CliCommand command = new("create", "Make a place for requests; fails when the name is taken.")
        {
            Examples = ["isthmus request create jobs", "isthmus request create jobs --max-request 64K --max-reply 1M --max-calls 2"],
        };
        SharedNameInput name = SharedNameInput.AddTo(command);
        RequestOptions standard = new();
        Option<long?> request = ByteSize.Option("--max-request", $"The longest request; {standard.MaxRequest} bytes by default.", 0, BytesMost);
        Option<long?> reply = ByteSize.Option("--max-reply", $"The longest reply; {standard.MaxReply} bytes by default.", 0, BytesMost);
        Option<int?> calls = NumberOption.Create(
            "--max-calls", $"How many calls of one client may be on their way at once; {standard.MaxCalls} by default.", 1, CallsMost);
        foreach (Option option in (Option[])[request, reply, calls])
        {
            command.Add(option);
        }
        SharedCreateInput how = SharedCreateInput.AddTo(command);
        command.SetAction(line =>
        {
            RequestOptions options = standard with
            {
                MaxRequest = (int)(line.GetValue(request) ?? standard.MaxRequest),
                MaxReply = (int)(line.GetValue(reply) ?? standard.MaxReply),
                MaxCalls = line.GetValue(calls) ?? standard.MaxCalls,
            };
            RequestClient.Create(name.Get(line), name.Options(line, how.Options(line, options))).Dispose();
        });
        return command;
    }
}
