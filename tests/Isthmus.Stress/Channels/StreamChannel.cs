using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Stress.Channels;

internal sealed class StreamChannel : ChannelSubject
{
    private const int Uses = 12;

    private static readonly SharedStreamOptions s_options = new() { CapacityBytes = SharedStream.CapacityMin };

    public override string Name => "stream";

    // Its second end is to be had still.
    public override byte[] MakeImage()
    {
        using SharedStream first = SharedStream.CreateUnnamed(s_options);
        first.Write(new byte[3000]);
        using SafeFileHandle memory = first.Share();
        return Copy(memory);
    }

    public override void Use(SafeHandle memory, TimeSpan patience)
    {
        Span<byte> buffer = stackalloc byte[1024];
        using SharedStream stream = SharedStream.OpenUnnamed(memory);
        _ = stream.GetStatus();
        stream.WriteTimeout = stream.ReadTimeout = (int)Math.Max(1, patience.TotalMilliseconds);
        for (int use = 0; use < Uses; use++)
        {
            stream.TryRead(buffer, patience, out _);
            try
            {
                stream.Write(buffer[..(use * 80)]);
            }
            catch (TimeoutException)
            {
                // It is full, and nobody reads.
            }
        }
        stream.CloseWrite();
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
