namespace Isthmus.Tests.Linearizability;

/// <summary>What an object does when one operation follows another: the meaning that an interleaved history is compared with.</summary>
internal interface ISequentialModel
{
    /// <summary>The object when nothing was done yet.</summary>
    long Initial { get; }

    /// <summary>The state after an operation; null when it could not have returned this in this state.</summary>
    long? After(long state, HistoryEvent operation);
}
