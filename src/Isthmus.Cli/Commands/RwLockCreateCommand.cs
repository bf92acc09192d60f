using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus rwlock create</c>.</summary>
internal static class RwLockCreateCommand
{
    public static Command Create()
    {
        CliCommand command = new("create", "Make a reader-writer lock; fails when the name is taken.") { Examples = ["isthmus rwlock create catalogue"] };
        SharedNameInput name = SharedNameInput.AddTo(command);
        SharedCreateInput how = SharedCreateInput.AddTo(command);
        command.SetAction(line =>
            SharedReaderWriterLock.Create(name.Get(line), name.Options(line, how.Options(line, new SharedObjectOptions()))).Dispose());
        return command;
    }
}
