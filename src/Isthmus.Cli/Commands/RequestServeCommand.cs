using System.CommandLine;
using System.Text;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus request serve NAME -- CMD…</c>: answers requests by what a command makes of them.</summary>
internal static class RequestServeCommand
{
    public static Command Create()
    {
        CliCommand command = new(
            "serve",
            "Answer requests, one after the other: run a command for each, with the request as its input and its output as the reply. It fails "
                + "with the command's exit code, and is stopped when nobody waits for it any more.")
        {
            Examples =
            [
                "isthmus request serve calculator -- bc",
                "isthmus request serve echo --echo --count 10",
            ],
        };
        SharedNameInput name = SharedNameInput.AddTo(command);
        Argument<string[]> program = new("command")
        {
            Description = "The program and its arguments, after --. No shell reads them.",
            HelpName = "CMD...",
            Arity = ArgumentArity.ZeroOrMore,
        };
        Option<bool> echo = new("--echo") { Description = "Answer each request with itself; no command." };
        Option<int?> count = NumberOption.Create("--count", "End after so many requests; by default go on until interrupted.", 1, int.MaxValue);
        count.Aliases.Add("-c");
        command.Add(program);
        command.Add(echo);
        command.Add(count);
        command.Validators.Add(result =>
        {
            if (result.GetValue(echo) == (result.GetValue(program) is { Length: > 0 }))
            {
                result.AddError("Either a command after --, or --echo.");
            }
        });
        command.SetAction((line, interrupted) => RunAsync(
            ReplyServer.Open(name.Get(line), name.Options(line, new SharedObjectOptions())),
            line.GetValue(echo) ? null : line.GetValue(program),
            line.GetValue(count) ?? int.MaxValue,
            interrupted));
        return command;
    }

    private static async Task<int> RunAsync(ReplyServer opened, string[]? command, int count, CancellationToken interrupted)
    {
        using ReplyServer server = opened;
        for (int served = 0; served < count; served++)
        {
            using ReceivedRequest request = await server.ReceiveAsync(interrupted);
            if (command is null)
            {
                await AnswerAsync(request, request.Span.ToArray(), server.MaxReply);
            }
            else
            {
                await ServeAsync(server, request, command, interrupted);
            }
        }
        return ExitCode.Done;
    }

    private static async Task ServeAsync(ReplyServer server, ReceivedRequest request, string[] command, CancellationToken interrupted)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(interrupted, request.Cancellation);
        try
        {
            CapturedOutput run = await ChildProcess.RunAsync(
                new ChildProcessOptions { FileName = command[0], Arguments = command[1..], DiesWithParent = true },
                new CaptureOptions { Input = request.Span.ToArray() },
                stop.Token);
            if (run.Status.ShellCode is 0)
            {
                await AnswerAsync(request, run.Output, server.MaxReply);
            }
            else
            {
                Fail(request, run.Status.ShellCode ?? ExitCode.RunFailed, run.ErrorText, server.MaxReply);
            }
        }
        catch (OperationCanceledException) when (!interrupted.IsCancellationRequested)
        {
            // Nobody waits for it any more.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Fail(request, error is FileNotFoundException ? ExitCode.RunNotFound : ExitCode.RunNotExecutable, error.Message, server.MaxReply);
        }
    }

    // What is longer than a reply goes in parts, if the client takes those.
    private static async Task AnswerAsync(ReceivedRequest request, ReadOnlyMemory<byte> reply, int most)
    {
        if (reply.Length <= most)
        {
            request.Reply(reply.Span);
            return;
        }
        if (!request.WantsParts || most == 0)
        {
            Fail(request, (int)Errno.E2BIG, $"the reply has {reply.Length} bytes, and may have {most}", most);
            return;
        }
        for (; reply.Length > 0 && await request.WritePartAsync(reply[..Math.Min(most, reply.Length)]); reply = reply[Math.Min(most, reply.Length)..])
        {
        }
        request.End();
    }

    private static void Fail(ReceivedRequest request, int code, string details, int most)
    {
        byte[] text = Encoding.UTF8.GetBytes(details);
        request.Fail(code, text.AsSpan(0, Math.Min(text.Length, most)));
    }
}
