namespace Isthmus;

/// <summary>What all channels have in common: queues, topics, request channels and streams in shared memory.</summary>
public static class SharedChannel
{
    /// <summary>
    /// Lists all channels that have a name in a directory, in the order of their names: what they are, who takes part, how full they are. It takes no slot
    /// and no lock: nobody is disturbed.
    /// </summary>
    /// <param name="options">Which directory, the user's own by default, and whose channels.</param>
    /// <remarks>
    /// What nobody uses any more (<see cref="SharedObjectEntry.IsStale"/>) is removed by <see cref="SharedObject.TryUnlinkStale"/>. What could not be read is
    /// not known to be a channel, and stands in <see cref="SharedObject.List"/> only. Rates are the difference of two lists:
    /// <see cref="SharedChannelFill.Written"/> only grows.
    /// </remarks>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: the directory must not be read.</exception>
    public static IReadOnlyList<SharedChannelEntry> List(SharedObjectOptions? options = null)
    {
        options ??= new();
        return
        [
            .. from entry in SharedObject.List(options)
               where ChannelKinds.IsChannel(entry.KindId)
               select new SharedChannelEntry(entry, ChannelKinds.TryGetFill(entry, options)),
        ];
    }
}
