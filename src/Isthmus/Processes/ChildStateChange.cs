namespace Isthmus;

/// <summary>A child was stopped or continued.</summary>
/// <param name="State">What it is now.</param>
/// <param name="Signal">The signal that stopped it, such as SIGSTOP or SIGTSTP; SIGCONT when it was continued.</param>
public readonly record struct ChildStateChange(ChildState State, Signal Signal);
