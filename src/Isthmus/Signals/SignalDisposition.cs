namespace Isthmus;

/// <summary>What this process does with a signal (<c>sigaction(2)</c>); the same for all of its threads.</summary>
public enum SignalDisposition
{
    /// <summary><c>SIG_DFL</c>: what <see cref="Signal.DefaultAction"/> says.</summary>
    Default,

    /// <summary><c>SIG_IGN</c>: nothing; those that are pending are thrown away. Programs that are executed inherit it.</summary>
    Ignore,

    /// <summary>A handler runs: that of a <see cref="SignalStream"/>, the runtime's, or a library's.</summary>
    Catch,
}
