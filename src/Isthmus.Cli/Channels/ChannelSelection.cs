using System.CommandLine;

namespace Isthmus.Cli.Channels;

/// <summary>Which objects of a directory are meant.</summary>
internal sealed class ChannelSelection
{
    private readonly Option<bool> _all = new("--all", "-a") { Description = "All objects of Isthmus, such as mutexes; not only channels." };

    private ChannelSelection(Command command) => command.Add(_all);

    public static ChannelSelection AddTo(Command command) => new(command);

    public IReadOnlyList<SharedChannelEntry> List(ParseResult line, SharedObjectOptions options)
    {
        IReadOnlyList<SharedChannelEntry> channels = SharedChannel.List(options);
        if (!line.GetValue(_all))
        {
            return channels;
        }
        Dictionary<string, SharedChannelFill?> fills = channels.ToDictionary(channel => channel.Object.Name, channel => channel.Fill);
        return [.. SharedObject.List(options).Select(entry => new SharedChannelEntry(entry, fills.GetValueOrDefault(entry.Name)))];
    }
}
