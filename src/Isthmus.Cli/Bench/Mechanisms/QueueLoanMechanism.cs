using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>A queue whose messages are written and read where they stand, and of each only the first line: what a message costs that is not copied.</summary>
internal sealed class QueueLoanMechanism : QueueMechanism
{
    // With the message's header in the same cache line, as far as it stands at its beginning.
    private const int PartBytes = 56;

    public override string Name => "queue-loan";

    public override int Rank => 2;

    public override string VariantOf => "queue";

    public override Rows Latency => Rows.Sync;

    public override Rows Throughput => Rows.None;

    public override IReadOnlyList<string> Rivals => ["limit:cache-line"];

    protected override IReadOnlyList<int> Tiers => [4096, 64 << 10, 1 << 20];

    [ModuleInitializer]
    internal static new void Register() => BenchCatalog.Add(new QueueLoanMechanism());

    public override int PartOf(int size) => Math.Min(size, PartBytes);

    protected override Connection Connect(SharedQueue input, SharedQueue output) => new LoanConnection(input, output);

    private sealed class LoanConnection(SharedQueue input, SharedQueue output) : QueueConnection(input, output)
    {
        private int _size;

        public override void Prepare(int size) => _size = size;

        public override void Send(ReadOnlySpan<byte> message)
        {
            using QueueReservation place = Producer.Reserve(_size);
            message.CopyTo(place.Span);
            place.Commit();
        }

        public override void Receive(Span<byte> message)
        {
            Consumer.Receive(out QueueLoan loan);
            using (loan)
            {
                loan.Span[..message.Length].CopyTo(message);
            }
        }
    }
}
