using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Claims;

public sealed class MessageQueueClaims
{
    [Fact]
    [Claim(30, "A message queue outlives its processes.", Verdict.True,
        "Until it is removed or the machine stops; so does each message in it.")]
    public void A_message_waits_for_a_reader_when_its_sender_is_gone()
    {
        using QueueName name = new();
        using (Child child = Child.Start(CreateAndSend, name.Value))
        {
            Assert.Equal(0, child.WaitForExit());
        }
        using PosixMessageQueue queue = PosixMessageQueue.Open(name.Value);
        byte[] buffer = new byte[queue.MaxMessageSize];
        Assert.Equal("hello"u8, buffer.AsSpan(0, queue.Receive(buffer).Length));
    }

    [Fact]
    [Claim(31, "A message queue keeps the borders of records.", Verdict.True,
        "Each receive gives one message, whole, also an empty one.")]
    public void Messages_come_one_by_one_as_they_were_sent()
    {
        using QueueName name = new();
        using PosixMessageQueue queue = PosixMessageQueue.Create(name.Value);
        queue.Send("a"u8);
        queue.Send([]);
        queue.Send("bc"u8);
        byte[] buffer = new byte[queue.MaxMessageSize];
        Assert.Equal([1, 0, 2], (int[])[queue.Receive(buffer).Length, queue.Receive(buffer).Length, queue.Receive(buffer).Length]);
    }

    [Fact]
    [Claim(32, "A message queue can be read by type.", Verdict.HalfTrue,
        "System V's can. POSIX has priorities: the highest comes first, and nobody can choose.")]
    public void Only_System_V_chooses_by_type_and_POSIX_gives_the_highest_priority()
    {
        byte[] buffer = new byte[8192];
        SystemVMessageQueue systemV = SystemVMessageQueue.Create(SystemVKey.Private);
        try
        {
            systemV.Send("one"u8, type: 1);
            systemV.Send("two"u8, type: 2);
            Assert.Equal("two"u8, buffer.AsSpan(0, systemV.Receive(buffer, MessageSelector.OfType(2)).Length));
        }
        finally
        {
            systemV.Remove();
        }
        using QueueName name = new();
        using PosixMessageQueue posix = PosixMessageQueue.Create(name.Value);
        posix.Send("low"u8, priority: 1);
        posix.Send("high"u8, priority: 9);
        Assert.Equal("high"u8, buffer.AsSpan(0, posix.Receive(buffer).Length));
    }

    [Fact]
    [Claim(33, "A message queue is no good for large data.", Verdict.True,
        "A message is at most 8 KiB unless the administrator allows more, and is copied twice as through a pipe, which takes any size.")]
    public void A_message_is_bounded_by_the_system()
    {
        using QueueName name = new();
        using PosixMessageQueue queue = PosixMessageQueue.Create(name.Value);
        byte[] large = new byte[queue.MaxMessageSize + 1];
        Assert.Equal(Errno.EMSGSIZE, Assert.Throws<PosixException>(() => queue.Send(large)).Errno);
        int most = int.Parse(File.ReadAllText("/proc/sys/fs/mqueue/msgsize_max"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(queue.MaxMessageSize, 1, most);
    }

    private static void CreateAndSend(string[] args)
    {
        using PosixMessageQueue queue = PosixMessageQueue.Create(args[0]);
        queue.Send("hello"u8);
    }
}
