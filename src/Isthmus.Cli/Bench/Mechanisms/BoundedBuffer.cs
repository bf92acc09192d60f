namespace Isthmus.Cli.Bench;

/// <summary>
/// The textbook's bounded buffer, one for each way: places in shared memory, a semaphore that counts the free ones and one that counts
/// the filled ones. A message longer than a place takes several.
/// </summary>
internal sealed class BoundedBuffer : Connection
{
    private const int Places = 64;
    private const int PlaceBytes = 16384;

    // A line more than a power of two: the places must not all meet in the same set of the cache.
    private const int Stride = PlaceBytes + 64;

    private readonly MappedMemory _memory;
    private readonly Way _in;
    private readonly Way _out;

    /// <param name="memory">At least <see cref="Length"/> bytes; it is disposed with the connection.</param>
    /// <param name="semaphores">Free and filled there, free and filled back, as <see cref="SemaphoreOffset"/> and <see cref="InitialCount"/>
    /// say.</param>
    /// <param name="isOffered">True in the tool, false in the peer.</param>
    public BoundedBuffer(MappedMemory memory, IReadOnlyList<ICountingSemaphore> semaphores, bool isOffered)
    {
        _memory = memory;
        Way there = new(0, semaphores[0], semaphores[1]);
        Way back = new(WayBytes, semaphores[2], semaphores[3]);
        (_out, _in) = isOffered ? (there, back) : (back, there);
    }

    /// <summary>The memory that both ways take.</summary>
    public static long Length => 2 * WayBytes;

    private static int HeaderBytes => 4096;

    private static int WayBytes => HeaderBytes + (Places * Stride);

    /// <summary>Where a semaphore has a cache line of its own, for those that stand in the memory.</summary>
    public static long SemaphoreOffset(int index) => (index / 2 * WayBytes) + (index % 2 * 64);

    /// <summary>All places are free at first.</summary>
    public static int InitialCount(int index) => index % 2 == 0 ? Places : 0;

    public override void Send(ReadOnlySpan<byte> message)
    {
        while (!message.IsEmpty)
        {
            int part = Math.Min(PlaceBytes, message.Length);
            _out.Free.Acquire();
            message[..part].CopyTo(_memory.AsSpan<byte>(_out.NextPlace(), part));
            _out.Filled.Release();
            message = message[part..];
        }
    }

    public override void Receive(Span<byte> message)
    {
        while (!message.IsEmpty)
        {
            int part = Math.Min(PlaceBytes, message.Length);
            _in.Filled.Acquire();
            _memory.AsReadOnlySpan<byte>(_in.NextPlace(), part).CopyTo(message);
            _in.Free.Release();
            message = message[part..];
        }
    }

    public override void Dispose()
    {
        foreach (ICountingSemaphore semaphore in (ICountingSemaphore[])[_in.Free, _in.Filled, _out.Free, _out.Filled])
        {
            semaphore.Dispose();
        }
        _memory.Dispose();
    }

    private sealed class Way(int offset, ICountingSemaphore free, ICountingSemaphore filled)
    {
        private uint _next;

        public ICountingSemaphore Free => free;

        public ICountingSemaphore Filled => filled;

        public long NextPlace() => offset + HeaderBytes + (_next++ % Places * Stride);
    }
}

/// <summary>What a bounded buffer needs of a semaphore.</summary>
internal interface ICountingSemaphore : IDisposable
{
    void Acquire();

    void Release();
}
