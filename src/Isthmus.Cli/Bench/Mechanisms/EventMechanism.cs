using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>An automatic <see cref="SharedEvent"/> for each way, and eight bytes of memory: what a wake costs between two processes.</summary>
internal sealed class EventMechanism : Mechanism
{
    private const int There = 0, Back = 128;

    public override string Name => "event";

    public override int Rank => 14;

    public override Rows Latency => Rows.Sync | Rows.OneCpu | Rows.Async;

    public override Rows Throughput => Rows.None;

    public override string Reference => "futex";

    public override int? OnlySize => sizeof(ulong);

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new EventMechanism());

    public override Offer Offer(string directory)
    {
        AnonymousMemory memory = AnonymousMemory.Create(Environment.SystemPageSize);
        SharedEvent there = SharedEvent.CreateUnnamed(EventResetMode.AutoReset);
        SharedEvent back = SharedEvent.CreateUnnamed(EventResetMode.AutoReset);
        return new Offer("", [memory.Handle, there.Share(), back.Share()], () => new EventConnection(memory, (there, There), (back, Back)));
    }

    public override Connection Join(string address, IReadOnlyList<SafeFileHandle> handles)
    {
        using SafeFileHandle there = handles[1], back = handles[2];
        return new EventConnection(AnonymousMemory.FromHandle(handles[0]), (SharedEvent.OpenUnnamed(back), Back), (SharedEvent.OpenUnnamed(there), There));
    }

    private sealed class EventConnection(AnonymousMemory memory, (SharedEvent Event, int Place) output, (SharedEvent Event, int Place) input) : Connection
    {
        public override void Send(ReadOnlySpan<byte> message)
        {
            message.CopyTo(memory.AsSpan<byte>(output.Place, message.Length));
            output.Event.Set();
        }

        public override void Receive(Span<byte> message)
        {
            input.Event.Wait();
            memory.AsReadOnlySpan<byte>(input.Place, message.Length).CopyTo(message);
        }

        public override ValueTask SendAsync(ReadOnlyMemory<byte> message)
        {
            Send(message.Span);
            return ValueTask.CompletedTask;
        }

        public override async ValueTask ReceiveAsync(Memory<byte> message)
        {
            await input.Event.WaitAsync();
            memory.AsReadOnlySpan<byte>(input.Place, message.Length).CopyTo(message.Span);
        }

        public override void Dispose()
        {
            output.Event.Dispose();
            input.Event.Dispose();
            memory.Dispose();
        }
    }
}
