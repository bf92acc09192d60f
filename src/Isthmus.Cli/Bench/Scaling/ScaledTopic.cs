using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>A <see cref="Topic"/>: every subscriber gets every sample, and none is lost.</summary>
internal sealed class ScaledTopic : ScaledChannel
{
    private const int Buffer = 1024;

    private static readonly TimeSpan s_silence = TimeSpan.FromMilliseconds(2);

    public override string Name => "topic";

    public override int Rank => 11;

    public override bool IsChannel => true;

    public override bool IsBroadcast => true;

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new ScaledTopic());

    public override ScaledOffer Offer(Shape shape)
    {
        Topic topic = Topic.CreateUnnamed(new()
        {
            MaxSampleSize = ScalingSuite.Size,
            MaxPublishers = shape.Senders,
            MaxSubscribers = shape.Receivers,
            Buffer = Buffer,
        });
        SafeFileHandle handle = topic.Share();
        return new ScaledOffer([handle], [handle, topic]);
    }

    public override Connection Join(IReadOnlyList<SafeFileHandle> handles, bool sends)
    {
        using SafeFileHandle handle = handles[0];
        Topic topic = Topic.OpenUnnamed(handle);
        return new End(
            topic, sends ? topic.CreatePublisher() : null, sends ? null : topic.CreateSubscriber(new() { Overflow = TopicOverflow.Block }));
    }

    private sealed class End(Topic topic, Publisher? publisher, Subscriber? subscriber) : Connection
    {
        public override void Send(ReadOnlySpan<byte> message) => publisher!.Publish(message);

        public override bool TryReceive(Span<byte> message) => subscriber!.TryReceive(message, s_silence, out _);

        public override void Dispose()
        {
            publisher?.Dispose();
            subscriber?.Dispose();
            topic.Dispose();
        }
    }
}
