using System.Globalization;

namespace Isthmus.Cli.Stress.Families;

/// <summary>What one consumer has to say of the messages that it receives.</summary>
internal sealed class QueueAccount(QueueMarks marks, int queue)
{
    private readonly Dictionary<(long Producer, int Attachment), long> _last = [];

    /// <summary>Judges a message that was taken.</summary>
    /// <exception cref="StressViolationException">It is not as it was sent, it was received before, or it comes too late.</exception>
    public QueueStressMessage Take(ReadOnlySpan<byte> message, bool isRedelivered)
    {
        if (QueueStressMessage.TryRead(message) is not { } read || read.Queue != queue)
        {
            throw Violation($"A message of {message.Length} bytes is not as anybody has sent it.");
        }
        if (!isRedelivered)
        {
            if (marks.IsTaken(read))
            {
                throw Violation($"{read} was received twice, and is not flagged.");
            }
            if (_last.TryGetValue((read.Producer, read.Attachment), out long last) && last >= read.Number)
            {
                throw Violation($"{read} was received after number {last}.");
            }
            _last[(read.Producer, read.Attachment)] = read.Number;
        }
        if (!marks.IsTaken(read))
        {
            marks.Take(read);
        }
        return read;
    }

    /// <summary>Before a message is finished: nobody has written over it.</summary>
    /// <exception cref="StressViolationException">Somebody has.</exception>
    public void Finish(ReadOnlySpan<byte> message, in QueueStressMessage taken)
    {
        if (QueueStressMessage.TryRead(message) != taken)
        {
            throw Violation($"{taken} was written over while it was on loan.");
        }
        marks.Finish(taken);
    }

    private static StressViolationException Violation(FormattableString message) => new(message.ToString(CultureInfo.InvariantCulture));
}
