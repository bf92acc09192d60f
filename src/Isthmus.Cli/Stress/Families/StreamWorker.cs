using System.Diagnostics;

namespace Isthmus.Cli.Stress.Families;

/// <summary>Meets the other of its pair at a stream, writes frames to it while another thread reads, and parts from it.</summary>
internal sealed class StreamWorker(StressPlace place, long id) : StressWorker(place, id)
{
    private const int PartOneIn = 500, FaultOneIn = 50;

    private readonly byte[] _frame = new byte[StreamFrame.SizeMax];
    private SharedStream? _stream;
    private StreamReading? _reading;
    private long _generation;
    private long _opened;
    private long _number;
    private bool _isBroken;

    private int Pair => Seat / 2;

    private ref long Generation => ref StreamFamily.Generation(Place.Ledger, Pair);

    public override void Dispose() => _stream?.Dispose();

    protected override void Turn()
    {
        // With an odd number of processes the last one is alone.
        if ((Seat ^ 1) >= Place.Processes || !TryMeet())
        {
            Thread.Sleep(Moment());
            return;
        }
        if (_isBroken || _reading!.HasEnded || OnceIn(PartOneIn))
        {
            Phase = WorkerPhase.Leaving;
            Part();
            Phase = WorkerPhase.Idle;
            return;
        }
        Phase = WorkerPhase.Inside;
        Write();
    }

    // Whether somebody has the other end.
    private bool TryMeet()
    {
        if (_reading is not null)
        {
            return true;
        }
        Phase = WorkerPhase.Asking;
        if (_stream is null && !TryOpen())
        {
            return false;
        }
        if (!_stream!.TryWaitForPeer(Moment()))
        {
            // The other may have left this generation just before we came, and then nobody comes.
            if (Volatile.Read(ref Generation) != _generation)
            {
                Leave();
            }
            return false;
        }
        _reading = new StreamReading(_stream, Place.Ledger, Id, _opened, Random.Next());
        return true;
    }

    private bool TryOpen()
    {
        _generation = Volatile.Read(ref Generation);
        (_number, _isBroken) = (0, false);
        Volatile.Write(ref StreamFamily.Begun(Record, _generation), 0);
        Volatile.Write(ref StreamFamily.Written(Record, _generation), 0);
        Volatile.Write(ref Record.Own(StreamFamily.GenerationOf), _generation + 1);
        try
        {
            _stream = SharedStream.OpenOrCreate(
                StreamFamily.NameOf(Pair, _generation), Place.Options(new SharedStreamOptions { CapacityBytes = StreamFamily.Capacity }));
            _opened = Stopwatch.GetTimestamp();
            return true;
        }
        catch (PosixException error) when (error.Errno == Errno.EBUSY)
        {
            // Those who have had it go on to the next one; unless both are dead.
            if (!IsAnybodyThere())
            {
                GoOn();
            }
            return false;
        }
    }

    private bool IsAnybodyThere()
    {
        try
        {
            SharedStreamStatus status = SharedStream.GetStatus(StreamFamily.NameOf(Pair, _generation), Place.Options(new SharedObjectOptions()));
            return status.First.Participant is { IsAlive: true } || status.Second.Participant is { IsAlive: true };
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    private void Write()
    {
        int size = StreamFrame.Make(_frame, Id, _number, StreamFrame.PayloadLength(Random));
        bool isFault = OnceIn(FaultOneIn);
        Volatile.Write(ref StreamFamily.Begun(Record, _generation), ++_number);
        try
        {
            if (Place.Fault != StressFault.LostUpdate || !isFault)
            {
                WriteAll(_frame.AsMemory(0, size));
            }
            if (Place.Fault == StressFault.FromNothing && isFault)
            {
                WriteAll(_frame.AsMemory(0, size));
            }
            Volatile.Write(ref StreamFamily.Written(Record, _generation), _number);
        }
        catch (PosixException error) when (error.Errno == Errno.EPIPE)
        {
            _isBroken = true;
        }
    }

    private void WriteAll(ReadOnlyMemory<byte> bytes)
    {
        switch (Random.Next(4))
        {
            case 0:
                _stream!.WriteAsync(bytes).AsTask().GetAwaiter().GetResult();
                break;
            case 1:
                while (!bytes.IsEmpty)
                {
                    _stream!.TryWrite(bytes.Span, Moment(), out int written);
                    bytes = bytes[written..];
                }
                break;
            default:
                _stream!.Write(bytes.Span);
                break;
        }
    }

    // The other ends its writing too when it reads that this one has, so that both read all.
    private void Part()
    {
        _stream!.CloseWrite();
        _reading!.Join(_generation);
        GoOn();
        Leave();
    }

    private void Leave()
    {
        _stream!.Dispose();
        (_stream, _reading) = (null, null);
    }

    // To the next generation; whoever is first removes the name of this one.
    private void GoOn()
    {
        if (Interlocked.CompareExchange(ref Generation, _generation + 1, _generation) == _generation)
        {
            try
            {
                SharedStream.Unlink(StreamFamily.NameOf(Pair, _generation), Place.Directory);
            }
            catch (FileNotFoundException)
            {
                // The one before was killed in the middle of this.
            }
        }
    }
}
