namespace Isthmus.Tests.Explorer;

/// <summary>What is wrong with an operation on a value.</summary>
internal enum ValueFault
{
    None,
    ReadsWithoutCheck,
    WritesWhatIsRead,
    PublishesFirst,
}
