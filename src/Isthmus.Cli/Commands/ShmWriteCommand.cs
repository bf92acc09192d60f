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
        command.SetAction((line, interrupted) =>
            WriteAsync(name.Get(line), line.GetValue(offset) ?? 0, line.GetValue(anyOwner), interrupted));
        return command;
    }

    private static async Task WriteAsync(ObjectName name, long offset, bool anyOwner, CancellationToken cancellationToken)
    {
        using MappedMemory memory = SharedMemoryObject.Open(name, new() { AnyOwner = anyOwner });
        long room = SharedMemoryObject.LengthFrom(memory, offset, null);
        using StandardInput input = new();
        // All of it before the first byte is written, so that what does not fit changes nothing.
        ReadOnlyMemory<byte> data = await input.TryReadToEndAsync(room, cancellationToken)
            ?? throw new CliException($"The input is longer than the {room} bytes from {offset} on; nothing was written.");
        memory.Prefault(offset, data.Length);
        data.Span.CopyTo(memory.AsSpan<byte>(offset, data.Length));
    }
}
