using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus rwlock unlink</c>.</summary>
internal static class RwLockUnlinkCommand
{
    public static Command Create() => SharedUnlink.Create(
        RwLockCommand.Noun, static (name, line) => SharedReaderWriterLock.GetStatus(name.Get(line), name.Options(line, new SharedObjectOptions())));
}
