namespace Isthmus.Cli.Bench;

/// <summary>A reference program is gone, or hangs: its row has no figure, and the others go on.</summary>
internal sealed class ReferenceLostException(string message) : IOException(message);
