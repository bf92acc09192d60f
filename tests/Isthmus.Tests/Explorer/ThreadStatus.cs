namespace Isthmus.Tests.Explorer;

/// <summary>What a thread of a world is about.</summary>
internal enum ThreadStatus : byte
{
    /// <summary>Nothing to do, any more or for now.</summary>
    Idle,

    /// <summary>The next step is due.</summary>
    Ready,

    /// <summary>Its operation asked to wait; its next move looks at the word and goes to sleep.</summary>
    Asked,

    /// <summary>In the kernel, or waiting for its bell.</summary>
    Asleep,

    /// <summary>Awake again, the next step is due.</summary>
    Woken,
}
