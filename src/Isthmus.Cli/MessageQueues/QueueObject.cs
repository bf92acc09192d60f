using Isthmus.Cli.Names;

namespace Isthmus.Cli.MessageQueues;

#pragma warning disable CA2000 // The queues opened here belong to the object that is returned.

/// <summary>Message queues by any of their names.</summary>
internal static class QueueObject
{
    public static OpenQueue OpenToSend(ObjectName name, bool anyOwner, int priority, long type) => name is ObjectName.Posix posix
        ? new OpenPosixQueue(OpenPosix(posix, FileAccess.Write, anyOwner), priority)
        : new OpenSystemVQueue(OpenSystemV(name, anyOwner), type, default);

    public static OpenQueue OpenToReceive(ObjectName name, bool anyOwner, MessageSelector selector) => name is ObjectName.Posix posix
        ? new OpenPosixQueue(OpenPosix(posix, FileAccess.Read, anyOwner), 0)
        : new OpenSystemVQueue(OpenSystemV(name, anyOwner), 1, selector);

    public static JsonMessageQueueInfo Stat(ObjectName name)
    {
        if (name is ObjectName.Posix posix)
        {
            using PosixMessageQueue queue = OpenPosix(posix, FileAccess.Read, anyOwner: true);
            return QueueReport.Of(posix.Name, queue.Stat());
        }
        return QueueReport.Of(OpenSystemV(name, anyOwner: true).Stat());
    }

    public static void Unlink(ObjectName name)
    {
        if (name is ObjectName.Posix posix)
        {
            PosixMessageQueue.Unlink(posix.Name);
            return;
        }
        OpenSystemV(name, anyOwner: true).Remove();
    }

    private static PosixMessageQueue OpenPosix(ObjectName.Posix name, FileAccess access, bool anyOwner) =>
        PosixMessageQueue.Open(name.Name, new() { Access = access, AnyOwner = anyOwner });

    private static SystemVMessageQueue OpenSystemV(ObjectName name, bool anyOwner) => name switch
    {
        ObjectName.Key key when key.Value == SystemVKey.Private => throw new CliException("The key 0x0 is that of no queue: give its id."),
        ObjectName.Key key => SystemVMessageQueue.Open(key.Value, new() { AnyOwner = anyOwner }),
        ObjectName.Id id => SystemVMessageQueue.Open(id.Value, new() { AnyOwner = anyOwner }),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}
