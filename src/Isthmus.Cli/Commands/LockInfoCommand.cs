using System.CommandLine;
using System.Globalization;
using Isthmus.Cli.FileLocks;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus lock info</c>: all locks on a file, and who really holds them.</summary>
internal static class LockInfoCommand
{
    public static Command Create()
    {
        Argument<string> file = LockCommand.FileArgument();
        Option<bool> json = new("--json") { Description = "Print JSON." };
        CliCommand command = new("info", "Tell all locks on a file, and the processes that hold them now, whoever has acquired them.")
        {
            Examples = ["isthmus lock info /run/user/1000/job.lock", "isthmus lock info /run/user/1000/job.lock --json"],
        };
        command.Add(file);
        command.Add(json);
        command.SetAction(line =>
        {
            string path = line.GetRequiredValue(file);
            JsonLockInfo info = new(new JsonObject("file", null, path), [.. FileLock.FindHolders(path).Select(Describe)]);
            if (line.GetValue(json))
            {
                JsonDocument.Write(info, JsonModel.Default.JsonLockInfo);
            }
            else
            {
                Print(info);
            }
        });
        return command;
    }

    private static JsonLock Describe(FileLockHolder holder) => new(
        holder.Kind.ToString().ToLowerInvariant(),
        holder.Mode.ToString().ToLowerInvariant(),
        holder.Range.Start,
        holder.Range.Length,
        holder.ProcessId is { } id ? JsonProcess.Of(id) : null,
        holder.Descriptor);

    private static void Print(JsonLockInfo info)
    {
        Console.WriteLine($"file:  {info.Object.Name}");
        Console.WriteLine(info.Locks.Count == 0 ? "locks: none" : "locks:");
        foreach (JsonLock each in info.Locks)
        {
            string range = ByteRange.Format(new FileLockRange(each.Start, each.Length));
            Console.WriteLine($"  {each.Kind,-5} {each.Mode,-9} {range}  {Holder(each)}");
        }
    }

    private static string Holder(JsonLock held) => held switch
    {
        { Process: null } => "held by a process that cannot be seen",
        { Descriptor: null } => string.Create(CultureInfo.InvariantCulture, $"{held.Process.Pid} ({held.Process.Name})"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{held.Process.Pid}:{held.Descriptor} ({held.Process.Name})"),
    };
}
