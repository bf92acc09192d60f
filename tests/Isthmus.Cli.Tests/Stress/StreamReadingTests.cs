using Isthmus.Cli.Stress;
using Isthmus.Cli.Stress.Families;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Cli.Tests.Stress;

/// <summary>What the account of a stream says when nothing came, by who was killed when.</summary>
public sealed class StreamReadingTests : IDisposable
{
    private const long Reader = 1, Writer = 2, Generation = 0, Opened = 1000;

    private readonly Ledger _ledger = Ledger.Create(2);

    public StreamReadingTests() => (_ledger[Reader].Seat, _ledger[Writer].Seat) = (0, 1);

    public void Dispose() => _ledger.Dispose();

    [Fact]
    public void Who_was_killed_after_it_had_written_is_missed()
    {
        Writes(frames: 3, killedAt: Opened + 1);
        Assert.Contains("nothing came", Assert.Throws<StressViolationException>(ReadNothing).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_was_killed_before_it_had_written_is_not_missed()
    {
        Writes(frames: 0, killedAt: Opened + 1);
        ReadNothing();
    }

    [Fact]
    public void Who_was_killed_before_this_stream_took_the_place_of_its_own_is_not_missed()
    {
        Writes(frames: 3, killedAt: Opened - 1);
        ReadNothing();
    }

    [Fact]
    public void Who_lives_is_not_missed()
    {
        Writes(frames: 3, killedAt: 0);
        ReadNothing();
    }

    private void Writes(long frames, long killedAt)
    {
        LedgerRecord writer = _ledger[Writer];
        writer.Own(StreamFamily.GenerationOf) = Generation + 1;
        StreamFamily.Written(writer, Generation) = frames;
        writer.KilledAt = killedAt;
    }

    private void ReadNothing()
    {
        using SharedStream stream = SharedStream.CreateUnnamed();
        using (SafeFileHandle memory = stream.Share())
        using (SharedStream.OpenUnnamed(memory))
        {
        }
        new StreamReading(stream, _ledger, Reader, Opened, seed: 1).Join(Generation);
    }
}
