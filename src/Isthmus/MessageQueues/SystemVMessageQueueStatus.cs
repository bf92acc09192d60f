using Isthmus.Native;

namespace Isthmus;

/// <summary>What the kernel knows of a System V message queue at one moment. Times are in whole seconds.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Owner">Key, owner, creator and mode.</param>
/// <param name="Messages">How many messages wait in it.</param>
/// <param name="Bytes">How many bytes wait in it.</param>
/// <param name="MaxBytes">How many bytes may wait, and at most as many messages.</param>
/// <param name="LastSenderProcessId">Who sent last; the process may be gone, and its number another's. 0 for nobody.</param>
/// <param name="LastReceiverProcessId">Who received last; 0 for nobody.</param>
/// <param name="SentAt">When it was sent to last; null: never.</param>
/// <param name="ReceivedAt">When it was received from last; null: never.</param>
/// <param name="ChangedAt">When it was made or last set.</param>
public sealed record SystemVMessageQueueStatus(
    int Id,
    SystemVOwner Owner,
    long Messages,
    long Bytes,
    long MaxBytes,
    int LastSenderProcessId,
    int LastReceiverProcessId,
    DateTimeOffset? SentAt,
    DateTimeOffset? ReceivedAt,
    DateTimeOffset ChangedAt)
{
    internal static SystemVMessageQueueStatus From(int id, in LibC.msqid_ds status) => new(
        id, SystemVOwner.From(status.msg_perm), (long)status.msg_qnum, (long)status.__msg_cbytes, (long)status.msg_qbytes,
        status.msg_lspid, status.msg_lrpid, TimeOf(status.msg_stime), TimeOf(status.msg_rtime),
        DateTimeOffset.FromUnixTimeSeconds(status.msg_ctime));

    private static DateTimeOffset? TimeOf(long seconds) => seconds == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(seconds);
}
