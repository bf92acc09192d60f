using System.IO.Pipes;

namespace Isthmus.Examples;

internal static class EventLoopExample
{
    public static async Task RunAsync()
    {
        using AnonymousPipeServerStream writer = new(PipeDirection.Out);
        using AnonymousPipeClientStream reader = new(PipeDirection.In, writer.ClientSafePipeHandle);

        ValueTask readable = EventLoop.WaitReadableAsync(reader.SafePipeHandle);
        Console.WriteLine(readable.IsCompleted ? "readable" : "nothing to read yet");
        writer.WriteByte(42);
        await readable;
        Console.WriteLine($"readable: {reader.ReadByte()}");
    }
}

// Prints:
// nothing to read yet
// readable: 42
