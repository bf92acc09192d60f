using Isthmus.Cli.Bench;

namespace Isthmus.Cli.Tests.Bench;

public sealed class MessagesTests
{
    private const int Size = 100;
    private const int Count = 70;

    [Fact]
    public void Both_sides_make_the_same_messages_from_a_seed() =>
        Assert.True(new Messages(Size, 42).SpanAt(3).SequenceEqual(new Messages(Size, 42).SpanAt(3)));

    [Fact]
    public void Messages_differ_from_their_neighbours_and_from_other_rounds()
    {
        Messages messages = new(Size, 42);
        Assert.False(messages.SpanAt(3).SequenceEqual(messages.SpanAt(4)));
        Assert.False(messages.SpanAt(3).SequenceEqual(new Messages(Size, 44).SpanAt(3)));
    }

    [Fact]
    public void What_was_received_whole_has_nothing_wrong()
    {
        Messages messages = new(Size, 1);
        Assert.Equal(0, messages.CountWrong(Received(messages), Count));
    }

    [Fact]
    public void One_wrong_bit_anywhere_is_found()
    {
        Messages messages = new(Size, 1);
        foreach (int place in new[] { 0, 1, Size - 1, Size, (Size * Count / 2) + 7, (Size * Count) - 1 })
        {
            byte[] ring = Received(messages);
            ring[place] ^= 1;
            Assert.Equal(1, messages.CountWrong(ring, Count));
        }
    }

    [Fact]
    public void An_old_message_cannot_pass_for_a_new_one()
    {
        Messages messages = new(Size, 1);
        byte[] ring = Received(messages);
        messages.CountWrong(ring, Count);
        Assert.Equal(Count, messages.CountWrong(ring, Count));
    }

    private static byte[] Received(Messages messages) => [.. Enumerable.Range(0, Count).SelectMany(i => messages.At(i).ToArray())];
}
