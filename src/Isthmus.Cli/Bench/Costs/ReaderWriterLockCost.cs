using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>Enters and leaves a <see cref="SharedReaderWriterLock"/> that nobody else uses.</summary>
internal sealed class ReaderWriterLockCost(string name, int rank, bool writes) : CostOperation
{
    public override string Name => name;

    public override int Rank => rank;

    [ModuleInitializer]
    internal static void Register()
    {
        BenchCatalog.Add(new ReaderWriterLockCost("rwlock-read", 7, writes: false));
        BenchCatalog.Add(new ReaderWriterLockCost("rwlock-write", 8, writes: true));
    }

    public override CostLoop Prepare(string directory) => new Loop(writes);

    private sealed class Loop(bool writes) : CostLoop
    {
        private readonly SharedReaderWriterLock _lock = SharedReaderWriterLock.CreateUnnamed();

        public override void Run(int count)
        {
            for (int i = 0; i < count; i++)
            {
                (writes ? _lock.EnterWrite() : _lock.EnterRead()).Dispose();
            }
        }

        public override void Dispose() => _lock.Dispose();
    }
}
