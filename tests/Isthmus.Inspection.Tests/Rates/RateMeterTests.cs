using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Isthmus.Inspection;
using Isthmus.Tests.Harness;
using Isthmus.Tests.Planted;

namespace Isthmus.Tests.Rates;

/// <summary>What passes through something between two looks is told exactly, where somebody counts it.</summary>
public sealed class RateMeterTests : IDisposable
{
    private readonly RateMeter _meter = new(readsProcesses: true);
    private readonly TemporaryDirectory _directory = new();
    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"isthmus-test-{Environment.ProcessId}-rates");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void What_is_written_into_a_channel_is_counted()
    {
        using SharedStream stream = SharedStream.Create(_name, new() { CapacityBytes = 8192 });
        SegmentNode first = Segment(Take());
        Assert.Equal((0, 0, 16384, SharedChannelUnit.Bytes), (first.Written, first.Fill, first.Capacity, first.Unit));
        Assert.Null(_meter.Advance(Take()).Of(first.Id));
        stream.Write(new byte[1000]);
        Snapshot now = Take();
        SnapshotRates rates = _meter.Advance(now);
        TransferRate rate = Assert.NotNull(rates.Of(first.Id));
        Assert.Equal((null, SharedChannelUnit.Bytes), (rate.Received, rate.Unit));
        Assert.Equal(1000, Counted(rate.Total, rates));
        Assert.Equal(1000, Segment(now).Fill);
        Assert.Equal(0, _meter.Advance(Take()).Of(first.Id)!.Value.Total);
        SharedObject.Unlink(_name);
    }

    [Fact]
    public void What_TCP_carries_is_counted_at_both_ends()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using TcpClient client = new(AddressFamily.InterNetwork);
        client.Connect((IPEndPoint)listener.LocalEndpoint);
        using TcpClient server = listener.AcceptTcpClient();
        string name = client.Client.LocalEndPoint!.ToString()!;
        _meter.Advance(Take());
        client.GetStream().Write(new byte[5000]);
        server.GetStream().ReadExactly(new byte[5000]);
        Snapshot now = Take();
        SnapshotRates rates = _meter.Advance(now);
        SocketNode receiver = now.Objects.OfType<SocketNode>().Single(each => each.Kind == NodeKind.TcpSocket && each.PeerName == name);
        SocketNode sender = now.Objects.OfType<SocketNode>().Single(each => each.Kind == NodeKind.TcpSocket && each.Name == name);
        Assert.Equal(5000, receiver.BytesReceived);
        Assert.Equal(5000, Counted(rates.Of(receiver.Id)!.Value.Received, rates));
        Assert.Equal(0, rates.Of(receiver.Id)!.Value.Sent);
        // What was not acknowledged yet is not counted there.
        Assert.InRange(sender.BytesSent!.Value, 0, 5001);
        Assert.Null(rates.Of(now.Objects.OfType<SocketNode>().First(each => each.State == SocketState.Listening).Id));
    }

    [Fact]
    public void What_a_process_reads_and_writes_is_counted_and_how_much_it_works()
    {
        NodeId self = Take().FindProcess(Environment.ProcessId)!.Node;
        Assert.Null(_meter.Advance(Take()).CpuOf(self));
        File.WriteAllBytes(_directory["file"], new byte[100_000]);
        _ = File.ReadAllBytes(_directory["file"]);
        SnapshotRates rates = _meter.Advance(Take());
        TransferRate rate = Assert.NotNull(rates.Of(self));
        // Others run in this process, too.
        Assert.InRange(Counted(rate.Sent, rates), 100_000, long.MaxValue);
        Assert.InRange(Counted(rate.Received, rates), 100_000, long.MaxValue);
        Assert.True(rates.CpuOf(self) >= 0);
        Assert.Null(new RateMeter(readsProcesses: false).Advance(Take()).Of(self));
    }

    [Fact]
    public async Task Who_has_not_run_keeps_his_count_and_who_runs_again_is_counted_again()
    {
        using Actor actor = Actor.Python("""
            say(1); ask(); file = open("/dev/null", "wb", buffering=0); file.write(b"x" * 70000); say(2); hold()
            """);
        actor.ReadLine();
        Snapshot now = Take();
        await Eventually.IsTrue(() =>
        {
            Snapshot before = now;
            now = now.Refresh();
            return ReferenceEquals(before.Memory.Processes[actor.Id], now.Memory.Processes[actor.Id]);
        });
        NodeId process = now.FindProcess(actor.Id)!.Node;
        _meter.Advance(now);
        Assert.Equal((0, 0), Both(_meter.Advance(now = now.Refresh()).Of(process)!.Value));
        actor.WriteLine("go");
        actor.ReadLine();
        SnapshotRates rates = _meter.Advance(now.Refresh());
        Assert.InRange(Counted(rates.Of(process)!.Value.Sent, rates), 70_000, long.MaxValue);

        static (double?, double?) Both(TransferRate rate) => (rate.Received, rate.Sent);
    }

    [Fact]
    public void Who_counts_less_than_before_is_another_one()
    {
        NodeId node = Take().FindProcess(Environment.ProcessId)!.Node;
        RateCounts before = new(), now = new();
        before.Transfers.Add(node, new TransferCount(100, 50, SharedChannelUnit.Bytes));
        now.Transfers.Add(node, new TransferCount(90, 70, SharedChannelUnit.Bytes));
        Assert.Equal(new TransferRate(null, 10, SharedChannelUnit.Bytes), SnapshotRates.Of(before, now, TimeSpan.FromSeconds(2)).Of(node));
        now.Transfers[node] = new TransferCount(90, 40, SharedChannelUnit.Bytes);
        Assert.Null(SnapshotRates.Of(before, now, TimeSpan.FromSeconds(2)).Of(node));
        Assert.Null(SnapshotRates.Of(before, now, TimeSpan.Zero).Of(node));
    }

    [Theory]
    [InlineData("rchar: 12\nwchar: 34\nsyscr: 1\n", 12, 34)]
    [InlineData("rchar: 9223372036854775807\nwchar: 0\n", long.MaxValue, 0)]
    public void The_kernels_text_is_read(string text, long read, long written)
    {
        Assert.True(ProcessIO.TryParse(Encoding.UTF8.GetBytes(text), out TransferCount count));
        Assert.Equal(new TransferCount(read, written, SharedChannelUnit.Bytes), count);
        Assert.False(ProcessIO.TryParse("syscr: 1\n"u8, out _));
        Assert.False(ProcessIO.TryParse([], out _));
    }

    // A rate times its time is the count but for the last bits.
    private static long Counted(double? perSecond, SnapshotRates rates) => (long)Math.Round(perSecond!.Value * rates.Between.TotalSeconds);

    private static Snapshot Take() => Snapshot.Take(new SnapshotOptions { Parts = SnapshotParts.Graph });

    private SegmentNode Segment(Snapshot snapshot) => snapshot.Objects.OfType<SegmentNode>().Single(each => each.Name == _name);
}
