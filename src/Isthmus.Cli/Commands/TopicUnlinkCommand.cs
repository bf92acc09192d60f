using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus topic unlink</c>.</summary>
internal static class TopicUnlinkCommand
{
    public static Command Create() => SharedUnlink.Create(
        TopicCommand.Noun, static (name, line) => Topic.GetStatus(name.Get(line), name.Options(line, new SharedObjectOptions())));
}
