namespace Isthmus.Cli.Bench;

/// <summary>A message arrived with another byte than was sent. The run ends: its figures would mean nothing.</summary>
internal sealed class CorruptDataException(string mechanism, int size, long wrong) : Exception(
    $"{mechanism}: {wrong} messages of {size} bytes arrived with wrong bytes. No figure of this run counts.");
