namespace Isthmus.Tests.Linearizability;

/// <summary>One operation as somebody saw it who called it.</summary>
/// <param name="Process">Who; its operations follow one another.</param>
/// <param name="Call">When it was called, on a clock that all share.</param>
/// <param name="Return">When it had returned.</param>
/// <param name="Operation">What.</param>
/// <param name="Argument">With what.</param>
/// <param name="Result">What it returned.</param>
internal sealed record HistoryEvent(int Process, long Call, long Return, string Operation, long Argument, long Result);
