namespace Isthmus;

/// <summary>What an operation on a descriptor waits for.</summary>
internal enum Readiness
{
    /// <summary>Data, end of file, a connection, an expiry: a read would not block.</summary>
    Readable,

    /// <summary>Space: a write would not block.</summary>
    Writable,
}
