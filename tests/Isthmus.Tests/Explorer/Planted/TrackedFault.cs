namespace Isthmus.Tests.Explorer;

/// <summary>What is wrong with an operation on an owner-tracked semaphore.</summary>
internal enum TrackedFault
{
    None,
    DoesNotHelp,
    HelpsWithoutNumber,
    DoesNotProve,
    FinishesByStore,
    DoesNotWake,
}
