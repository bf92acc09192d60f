namespace Isthmus;

/// <summary>A channel at one moment, found without disturbing it.</summary>
/// <param name="Object">Its name, kind and participants, and whether it is stale.</param>
/// <param name="Fill">How full it is; null when that could not be read.</param>
public sealed record SharedChannelEntry(SharedObjectEntry Object, SharedChannelFill? Fill);
