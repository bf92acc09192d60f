using System.CommandLine;
using Isthmus.Cli.Names;
using Isthmus.Cli.SharedMemory;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus shm read</c>: shared memory to standard output.</summary>
internal static class ShmReadCommand
{
    private const int Step = 1 << 20;

    public static Command Create()
    {
        CliCommand command = new("read", "Print the bytes of the memory, or of a part.")
        {
            Examples = ["isthmus shm read /table > file", "isthmus shm read 0xbeef --offset 64 --length 8 | od -t d8"],
        };
        ObjectNameInput name = ObjectNameInput.AddTo(command);
        Option<long?> offset = ShmCommand.OffsetOption();
        Option<long?> length = ByteSize.Option("--length", "How many bytes; all that follow by default.");
        Option<bool> anyOwner = ShmCommand.AnyOwnerOption();
        command.Add(offset);
        command.Add(length);
        command.Add(anyOwner);
        command.SetAction(line => Read(name.Get(line), line.GetValue(offset) ?? 0, line.GetValue(length), line.GetValue(anyOwner)));
        return command;
    }

    private static void Read(ObjectName name, long offset, long? length, bool anyOwner)
    {
        using MappedMemory memory = SharedMemoryObject.Open(name, new() { Access = MemoryAccess.Read, AnyOwner = anyOwner });
        long end = offset + SharedMemoryObject.LengthFrom(memory, offset, length);
        using Stream output = Console.OpenStandardOutput();
        for (long at = offset; at < end; at += Step)
        {
            int count = (int)Math.Min(Step, end - at);
            // An error, where reading would end us, when the owner has truncated it.
            memory.Prefault(at, count);
            output.Write(memory.AsReadOnlySpan<byte>(at, count));
        }
    }
}
