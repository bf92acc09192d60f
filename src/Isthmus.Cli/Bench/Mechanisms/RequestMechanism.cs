using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>A <see cref="RequestClient"/> here and a <see cref="ReplyServer"/> in the other process, which answers with what it was sent.</summary>
internal sealed class RequestMechanism : ChannelMechanism
{
    public override string Name => "request";

    public override int Rank => 7;

    public override Rows Throughput => Rows.None;

    public override IReadOnlyList<string> Rivals => ["queue"];

    // What its places are made for, and the largest.
    protected override IReadOnlyList<int> Tiers => [64, 4096, 64 << 10, Messages.SizeMax];

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new RequestMechanism());

    protected override (IReadOnlyList<SafeFileHandle> Handles, Connection End) Create(int sizeMax)
    {
        RequestClient client = RequestClient.CreateUnnamed(new() { MaxParticipants = 2, MaxCalls = 1, MaxRequest = sizeMax, MaxReply = sizeMax });
        return ([client.Share()], new ClientConnection(client));
    }

    protected override Connection Join(int sizeMax, IReadOnlyList<SafeFileHandle> handles) => new ServerConnection(ReplyServer.OpenUnnamed(handles[0]));

    private sealed class ClientConnection(RequestClient client) : Connection
    {
        public override void Exchange(ReadOnlySpan<byte> message, Span<byte> answer) => Expect(client.Call(message, answer), answer.Length);

        public override async ValueTask ExchangeAsync(ReadOnlyMemory<byte> message, Memory<byte> answer) =>
            Expect(await client.CallAsync(message, answer), answer.Length);

        public override void Dispose() => client.Dispose();

        private static void Expect(CallResult result, int length)
        {
            if (!result.IsReply || result.Length != length)
            {
                throw new EndOfStreamException($"A reply of {result.Length} bytes came ({result.Outcome}), not one of {length}.");
            }
        }
    }

    private sealed class ServerConnection(ReplyServer server) : Connection
    {
        private ReceivedRequest _request;

        public override void Receive(Span<byte> message) => Take(server.Receive(), message);

        public override void Send(ReadOnlySpan<byte> message)
        {
            _request.Reply(message);
            _request.Dispose();
        }

        public override ValueTask SendAsync(ReadOnlyMemory<byte> message)
        {
            Send(message.Span);
            return ValueTask.CompletedTask;
        }

        public override async ValueTask ReceiveAsync(Memory<byte> message) => Take(await server.ReceiveAsync(), message.Span);

        public override void Dispose() => server.Dispose();

        private void Take(ReceivedRequest request, Span<byte> message)
        {
            _request = request;
            request.Span.CopyTo(message);
        }
    }
}
