using System.Buffers;

namespace Isthmus;

/// <summary>Reads a stream to its end and keeps the first bytes of it.</summary>
internal sealed class StreamCapture(PipeReadEnd? source, int keepMax)
{
    private const int ChunkSize = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _kept = new();

    /// <summary>What was kept; complete once the reading has ended.</summary>
    public ReadOnlyMemory<byte> Bytes => _kept.WrittenMemory;

    /// <summary>Bytes were dropped, or the reading was cancelled before the end.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>Reads until the end, or until cancelled, which is no error: what is there already is still taken.</summary>
    public async Task ReadToEndAsync(CancellationToken cancellationToken)
    {
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            int count;
            while (source is not null && (count = await source.ReadAsync(chunk, cancellationToken).ConfigureAwait(false)) > 0)
            {
                Keep(chunk.AsSpan(0, count));
            }
        }
        catch (OperationCanceledException)
        {
            IsTruncated |= !TakeRest(source!, chunk);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    // What was written before the cancellation, but not what somebody goes on to write for ever; true when the end was met.
    private bool TakeRest(PipeReadEnd source, Span<byte> chunk)
    {
        for (long taken = 0, most = source.Capacity; taken < most && source.TryRead(chunk, TimeSpan.Zero, out int count); taken += count)
        {
            if (count == 0)
            {
                return true;
            }
            Keep(chunk[..count]);
        }
        return false;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        int space = keepMax - _kept.WrittenCount;
        IsTruncated |= bytes.Length > space;
        _kept.Write(bytes[..Math.Min(bytes.Length, space)]);
    }
}
