namespace Isthmus;

/// <summary>How far a subscriber has come in each ring.</summary>
/// <remarks>A struct. In the library it stands for an array, in the tests it is small enough to be a part of an operation.</remarks>
internal interface ITopicReaders
{
    /// <summary>The position that it looks at next.</summary>
    ulong Position(int ring);
}
