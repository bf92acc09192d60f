namespace Isthmus;

/// <summary>What takes a place in a queue.</summary>
internal enum QueueRole : byte
{
    Producer,
    Consumer,
}
