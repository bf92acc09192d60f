using System.CommandLine;
using Isthmus.Cli.Names;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus mq create</c>.</summary>
internal static class MqCreateCommand
{
    public static Command Create()
    {
        CliCommand command = new("create", "Make a message queue; fails when the name is taken. Prints the id of a System V queue.")
        {
            Examples =
            [
                "isthmus mq create /jobs --max-messages 10 --max-size 4K",
                "isthmus mq create 0xbeef --mode 0660",
                "isthmus mq create 0x0",
                "isthmus mq create --key-file /etc/hostname",
            ],
        };
        ObjectNameInput name = ObjectNameInput.AddTo(command);
        Option<long?> messages = NumberOption.Create<long>("--max-messages", "POSIX: how many messages it holds.", 1, int.MaxValue);
        Option<long?> size = ByteSize.Option("--max-size", "POSIX: the longest message.", 1, int.MaxValue);
        Option<UnixFileMode?> mode = FileModeOption.Create();
        command.Add(messages);
        command.Add(size);
        command.Add(mode);
        command.SetAction(line =>
        {
            ObjectName where = name.Get(line);
            MqCommand.CheckKind(line, where, ofPosix: [messages, size], ofSystemV: []);
            PosixMessageQueueOptions options = new()
            {
                MaxMessages = (int?)line.GetValue(messages),
                MaxMessageSize = (int?)line.GetValue(size),
                Mode = line.GetValue(mode) ?? FileModeOption.OwnerOnly,
            };
            Create(where, options);
        });
        return command;
    }

    private static void Create(ObjectName name, PosixMessageQueueOptions options)
    {
        switch (name)
        {
            case ObjectName.Posix posix:
                PosixMessageQueue.Create(posix.Name, options).Dispose();
                break;
            case ObjectName.Key key:
                Console.WriteLine(SystemVMessageQueue.Create(key.Value, new() { Mode = options.Mode }).Id);
                break;
            default:
                throw new CliException("The kernel chooses the id: give a key, such as 0xbeef, or 0x0 for none.");
        }
    }
}
