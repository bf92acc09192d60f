namespace Isthmus.Web.Feed;

/// <summary>What a process has of a channel, by all of its descriptors and mappings together.</summary>
[Flags]
internal enum EndRole
{
    None = 0,
    Reads = 1,
    Writes = 2,
    Open = 4,
    Listens = 8,
    Maps = 16,
    TakesPart = 32,
    Holds = 64,
    Waits = 128,
    Stuck = 256,
}
