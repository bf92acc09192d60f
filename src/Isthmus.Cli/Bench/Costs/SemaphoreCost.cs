using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>Acquires and releases a <see cref="SharedSemaphore"/> that nobody else uses.</summary>
internal sealed class SemaphoreCost(string name, int rank, bool ownerTracked) : CostOperation
{
    public override string Name => name;

    public override int Rank => rank;

    [ModuleInitializer]
    internal static void Register()
    {
        BenchCatalog.Add(new SemaphoreCost("semaphore", 5, ownerTracked: false));
        BenchCatalog.Add(new SemaphoreCost("semaphore-tracked", 6, ownerTracked: true));
    }

    public override CostLoop Prepare(string directory) => new Loop(ownerTracked);

    private sealed class Loop(bool ownerTracked) : CostLoop
    {
        private readonly SharedSemaphore _semaphore = SharedSemaphore.CreateUnnamed(1, 1, new() { OwnerTracked = ownerTracked });

        public override void Run(int count)
        {
            for (int i = 0; i < count; i++)
            {
                _semaphore.Acquire();
                _semaphore.Release();
            }
        }

        public override void Dispose() => _semaphore.Dispose();
    }
}
