using Isthmus.Inspection;

namespace Isthmus.Web.Feed;

/// <summary>The graph of one moment.</summary>
internal sealed record PageGraph(
    IReadOnlyList<JsonPageProcess> Processes, IReadOnlyList<JsonChannel> Channels, IReadOnlyList<WaitChain> Stuck);
