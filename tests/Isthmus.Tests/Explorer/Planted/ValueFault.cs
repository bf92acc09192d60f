namespace Isthmus.Tests.Explorer;

/// <summary>What is wrong with a writer of a value.</summary>
internal enum ValueFault
{
    None,
    WritesWhatIsRead,
    PublishesFirst,
}
