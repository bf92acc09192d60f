using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus stream create</c>.</summary>
internal static class StreamCreateCommand
{
    public static Command Create()
    {
        CliCommand command = new("create", "Make a stream for two who open it, each end once; fails when the name is taken.")
        {
            Examples = ["isthmus stream create feed", "isthmus stream create feed --capacity 1M"],
        };
        SharedNameInput name = SharedNameInput.AddTo(command);
        Option<long?> capacity = ByteSize.Option(
            "--capacity", $"How much each direction holds, a power of two; {ByteSize.Format(new SharedStreamOptions().CapacityBytes)} by default.",
            SharedStream.CapacityMin, SharedStream.CapacityMax);
        Option<UnixFileMode?> mode = FileModeOption.Create();
        command.Add(capacity);
        command.Add(mode);
        command.SetAction(line =>
        {
            SharedStreamOptions options = new() { Mode = line.GetValue(mode) ?? FileModeOption.OwnerOnly };
            options = line.GetValue(capacity) is { } bytes ? options with { CapacityBytes = (int)bytes } : options;
            SharedStream.Prepare(name.Get(line), name.Options(line, options));
        });
        return command;
    }
}
