using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>
/// Reads until a message is whole. <see cref="Stream.ReadExactlyAsync(Memory{byte}, CancellationToken)"/> would allocate each time it
/// waits.
/// </summary>
internal static class WholeMessage
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public static async ValueTask ReadAsync(Stream stream, Memory<byte> message)
    {
        while (!message.IsEmpty)
        {
            int count = await stream.ReadAsync(message);
            if (count == 0)
            {
                throw new EndOfStreamException("The other process closed its end in the middle of a message.");
            }
            message = message[count..];
        }
    }
}
