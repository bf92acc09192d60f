using System.Diagnostics;
using System.Globalization;

namespace Isthmus.Cli.Stress.Families;

/// <summary>A thread that reads a stream to its end, in all forms, and checks each frame.</summary>
internal sealed class StreamReading
{
    private readonly SharedStream _stream;
    private readonly Ledger _ledger;
    private readonly long _reader;
    private readonly long _opened;
    private readonly Random _random;
    private readonly byte[] _bytes = new byte[2 * StreamFrame.SizeMax];
    private readonly Thread _thread;
    private long _producer;
    private int _held;
    private bool _isWhole;
    private volatile bool _hasEnded;
    private Exception? _error;

    /// <param name="stream">What it reads.</param>
    /// <param name="ledger">The accounts.</param>
    /// <param name="reader">Whose thread it is.</param>
    /// <param name="opened">When that had opened its end.</param>
    /// <param name="seed">Of its choices.</param>
    public StreamReading(SharedStream stream, Ledger ledger, long reader, long opened, int seed)
    {
        (_stream, _ledger, _reader, _opened, _random) = (stream, ledger, reader, opened, new Random(seed));
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Whether the end was read.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>How many frames.</summary>
    public long Frames { get; private set; }

    /// <summary>Waits for the end, and judges what came.</summary>
    /// <param name="generation">Of the stream.</param>
    /// <exception cref="StressViolationException">It is not what was written.</exception>
    public void Join(long generation)
    {
        _thread.Join();
        if (_error is StressViolationException)
        {
            throw _error;
        }
        if (_error is ObjectDisposedException)
        {
            return;
        }
        if (_error is not null)
        {
            throw Violation($"Reading failed: {_error}");
        }
        if (_producer == 0)
        {
            JudgeNothing(generation);
            return;
        }
        LedgerRecord producer = _ledger[_producer];
        long written = Volatile.Read(ref StreamFamily.Written(producer, generation)), begun = Volatile.Read(ref StreamFamily.Begun(producer, generation));
        if (Frames < written || Frames > begun)
        {
            throw Violation($"{Frames} frames of {producer.ToString()} were read; it had begun {begun}, and written {written}.");
        }
        if (_isWhole && (Frames != begun || _held > 0))
        {
            throw Violation($"{producer.ToString()} has closed its end, and {_held} bytes more than {Frames} of {begun} frames came.");
        }
        if (!_isWhole && !producer.IsKilled)
        {
            throw Violation($"{producer.ToString()} is told to have died, and was not killed.");
        }
    }

    // Who was killed before its first frame has written none. Who was killed before this end was opened wrote to others: when both of a pair are dead,
    // the next two may get a new stream under the same name.
    private void JudgeNothing(long generation)
    {
        for (long id = 1; id <= _ledger.Records; id++)
        {
            LedgerRecord record = _ledger[id];
            if (id != _reader && record.Seat / 2 == _ledger[_reader].Seat / 2 && record.Own(StreamFamily.GenerationOf) == generation + 1
                && Volatile.Read(ref record.KilledAt) > _opened && Volatile.Read(ref StreamFamily.Written(record, generation)) > 0)
            {
                throw Violation($"{record.ToString()} was killed after it had written, and nothing came.");
            }
        }
    }

    private void Run()
    {
        try
        {
            while (Read(_bytes.AsMemory(_held, 1 + _random.Next(_bytes.Length - _held))) is > 0 and int count)
            {
                _held += count;
                TakeFrames();
            }
            _isWhole = _stream.PeerHasClosedWrite;
            if (!_isWhole && _producer != 0)
            {
                _ledger[_producer].Succeed(Stopwatch.GetTimestamp());
            }
        }
        catch (Exception error) when (error is StressViolationException or IOException or InvalidDataException or InvalidOperationException)
        {
            _error = error;
        }
        _hasEnded = true;
    }

    private void TakeFrames()
    {
        int at = 0;
        while (StreamFrame.Take(_bytes.AsSpan(at, _held - at), Frames, ref _producer) is > 0 and int size)
        {
            at += size;
            Frames++;
            StreamFamily.Right(_ledger[_reader])++;
        }
        _bytes.AsSpan(at, _held - at).CopyTo(_bytes);
        _held -= at;
    }

    private int Read(Memory<byte> buffer)
    {
        while (true)
        {
            switch (_random.Next(8))
            {
                case < 3:
                    return _stream.Read(buffer.Span);
                case 3:
                    return _stream.ReadAsync(buffer).AsTask().GetAwaiter().GetResult();
                case 4 when TryAwait(buffer, out int awaited):
                    return awaited;
                case 5 when _stream.TryRead(buffer.Span, out int tried):
                    return tried;
                case > 5 when _stream.TryRead(buffer.Span, Moment(), out int timed):
                    return timed;
                default:
                    break;
            }
        }
    }

    private bool TryAwait(Memory<byte> buffer, out int count)
    {
        using CancellationTokenSource limit = new(Moment());
        count = 0;
        try
        {
            count = _stream.ReadAsync(buffer, limit.Token).AsTask().GetAwaiter().GetResult();
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private TimeSpan Moment() => TimeSpan.FromMicroseconds(_random.Next(3000));

    private static StressViolationException Violation(FormattableString message) => new(message.ToString(CultureInfo.InvariantCulture));
}
