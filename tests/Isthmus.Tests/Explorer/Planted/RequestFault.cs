namespace Isthmus.Tests.Explorer;

/// <summary>What is wrong with a server that receives.</summary>
internal enum RequestFault
{
    None,
    KeepsTheWake,
}
