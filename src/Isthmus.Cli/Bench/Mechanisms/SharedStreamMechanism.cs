using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>A <see cref="SharedStream"/>, which has both ways. A message is read until it is whole, because a stream has no borders.</summary>
internal sealed class SharedStreamMechanism : ChannelMechanism
{
    private const int Capacity = 256 << 10;

    public override string Name => "stream";

    public override int Rank => 8;

    public override IReadOnlyList<string> Rivals => ["limit:cache-line", "limit:memcpy", "queue"];

    // A message of any size goes through it.
    protected override IReadOnlyList<int> Tiers => [Messages.SizeMax];

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new SharedStreamMechanism());

    protected override (IReadOnlyList<SafeFileHandle> Handles, Connection End) Create(int sizeMax)
    {
        SharedStream stream = SharedStream.CreateUnnamed(new() { CapacityBytes = Capacity });
        return ([stream.Share()], new StreamConnection(stream));
    }

    protected override Connection Join(int sizeMax, IReadOnlyList<SafeFileHandle> handles) =>
        new StreamConnection(SharedStream.OpenUnnamed(handles[0]));
}
