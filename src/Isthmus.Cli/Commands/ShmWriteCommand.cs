using System.CommandLine;
using Isthmus.Cli.Names;
using Isthmus.Cli.SharedMemory;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus shm write</c>: standard input into shared memory.</summary>
internal static class ShmWriteCommand
{
    public static Command Create()
    {
        CliCommand command = new("write", "Write standard input into the memory; nothing when it does not fit.")
        {
            Examples = ["isthmus shm write /table < file", "echo hello | isthmus shm write 0xbeef --offset 64"],
        };
        ObjectNameInput name = ObjectNameInput.AddTo(command);
        Option<long?> offset = ShmCommand.OffsetOption();
        Option<bool> anyOwner = ShmCommand.AnyOwnerOption();
        command.Add(offset);
        command.Add(anyOwner);
        command.SetAction(line => Write(name.Get(line), line.GetValue(offset) ?? 0, line.GetValue(anyOwner)));
        return command;
    }

    private static void Write(ObjectName name, long offset, bool anyOwner)
    {
        using MappedMemory memory = SharedMemoryObject.Open(name, new() { AnyOwner = anyOwner });
        long room = SharedMemoryObject.LengthFrom(memory, offset, null);
        using Stream input = Console.OpenStandardInput();
        // All of it before the first byte is written, so that what does not fit changes nothing.
        using MemoryStream data = new();
        byte[] buffer = new byte[65536];
        for (int read; (read = input.Read(buffer)) > 0;)
        {
            if (data.Length + read > room)
            {
                throw new CliException($"The input is longer than the {room} bytes from {offset} on; nothing was written.");
            }
            data.Write(buffer, 0, read);
        }
        int length = (int)data.Length;
        memory.Prefault(offset, length);
        data.GetBuffer().AsSpan(0, length).CopyTo(memory.AsSpan<byte>(offset, length));
    }
}
