using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus mutex unlink</c>.</summary>
internal static class MutexUnlinkCommand
{
    public static Command Create() => SharedUnlink.Create(
        MutexCommand.Noun, static (name, line) => SharedMutex.GetStatus(name.Get(line), name.Options(line, new SharedMutexOptions())));
}
