using System.CommandLine;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus rwlock info</c>.</summary>
internal static class RwLockInfoCommand
{
    public static Command Create() => SharedInfo.Create(
        RwLockCommand.Noun,
        "Tell who reads and who writes, who waits for that, and who has the lock open. It takes no part in it.",
        static (name, line) => new JsonRwLockInfo(SharedReaderWriterLock.GetStatus(name.Get(line), name.Options(line, new SharedObjectOptions()))),
        static () => JsonModel.Default.JsonRwLockInfo,
        Print);

    private static void Print(JsonRwLockInfo info)
    {
        string state = info switch
        {
            { Unusable: true } => "unusable: a writer died in it, and the next did not declare the data consistent",
            { WriterWaiting: true } => $"{SharedInfo.Describe(info.Owner)} waits until it may write",
            { Mode: "write" } => $"{SharedInfo.Describe(info.Owner)} writes",
            { Mode: "upgradeable_read" } => $"{SharedInfo.Describe(info.Owner)} reads, and may write",
            _ => info.Readers.Any(reader => reader.Inside > 0) ? "read" : "free",
        };
        SharedInfo.PrintRow("state", $"{state}{(info is { Abandoned: true, Unusable: false } ? ", abandoned: a writer died in it" : "")}");
        foreach (JsonReader reader in info.Readers)
        {
            SharedInfo.PrintRow("reader", $"{SharedInfo.Describe(reader.Process)}, {reader.Inside} inside, {reader.Waiting} waiting");
        }
    }
}
