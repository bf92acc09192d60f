namespace Isthmus.Cli.Stress;

/// <summary>A promise was broken.</summary>
internal sealed class StressViolationException(string message) : Exception(message);
