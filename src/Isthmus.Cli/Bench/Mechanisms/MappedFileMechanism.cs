using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>A bounded buffer in a mapped file, with POSIX semaphores in it. mmap(2), sem_overview(7)</summary>
internal sealed class MappedFileMechanism : Mechanism
{
    public override string Name => "mapped-file";

    public override int Rank => 29;

    public override Rows Latency => Rows.Sync | Rows.OneCpu;

    public override Rows Throughput => Rows.Sync | Rows.OneCpu;

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new MappedFileMechanism());

    public override Offer Offer(string directory)
    {
        string path = Path.Combine(directory, Guid.NewGuid().ToString("N"));
        BoundedBuffer buffer = PosixBuffer.Create(MappedFile.Create(path, BoundedBuffer.Length));
        return new Offer(path, [], () => buffer);
    }

    public override Connection Join(string address, IReadOnlyList<SafeFileHandle> handles) => PosixBuffer.Open(MappedFile.Open(address));
}
