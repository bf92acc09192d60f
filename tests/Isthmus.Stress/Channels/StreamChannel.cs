using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Stress.Channels;

internal sealed class StreamChannel : ChannelSubject
{
    private const int Uses = 12;

    private static readonly SharedStreamOptions s_options = new() { CapacityBytes = SharedStream.CapacityMin };

    public override string Name => "stream";

    // Both its ends are to be had still: one whose other end is gone is not read for long.
    public override byte[] MakeImage()
    {
        using SafeFileHandle memory = SharedStream.PrepareUnnamed(s_options);
        return Copy(memory);
    }

    public override void Use(SafeHandle memory, TimeSpan patience)
    {
        using SharedStream first = SharedStream.OpenUnnamed(memory);
        using SharedStream second = SharedStream.OpenUnnamed(memory);
        foreach (SharedStream end in (SharedStream[])[first, second])
        {
            _ = end.GetStatus();
            end.WriteTimeout = end.ReadTimeout = (int)Math.Max(1, patience.TotalMilliseconds);
        }
        for (int use = 0; use < Uses; use++)
        {
            Exchange(first, second, use * 80, patience);
            Exchange(second, first, 900, patience);
        }
        first.CloseWrite();
        second.TryRead(new byte[1024], patience, out _);
    }

    private static void Exchange(SharedStream from, SharedStream to, int length, TimeSpan patience)
    {
        Span<byte> buffer = stackalloc byte[1024];
        try
        {
            from.Write(buffer[..length]);
        }
        catch (TimeoutException)
        {
            // It is full, or seems to be.
        }
        to.TryRead(buffer, patience, out _);
    }

    public override long Live(long messages, string directory)
    {
        using SharedStream first = SharedStream.Create(LiveName, s_options with { Directory = directory });
        using SharedStream second = SharedStream.Open(LiveName, new SharedObjectOptions { Directory = directory });
        SharedStream.Unlink(LiveName, directory);
        Span<byte> sent = stackalloc byte[8], received = stackalloc byte[8];
        long good = 0;
        for (long number = 0; number < messages; number++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(sent, number);
            first.Write(sent);
            second.ReadExactly(received);
            good += BinaryPrimitives.ReadInt64LittleEndian(received) == number ? 1 : 0;
        }
        return good;
    }
}
