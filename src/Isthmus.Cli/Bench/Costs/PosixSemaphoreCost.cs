using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>Acquires and releases a POSIX semaphore that nobody else uses.</summary>
internal sealed class PosixSemaphoreCost : CostOperation
{
    public override string Name => "posix-semaphore";

    public override int Rank => 10;

    public override string Reference => Name;

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new PosixSemaphoreCost());

    public override CostLoop Prepare(string directory) => new Loop($"/isthmus-bench-{Guid.NewGuid():N}");

    private sealed class Loop(string name) : CostLoop
    {
        private readonly PosixSemaphore _semaphore = PosixSemaphore.Create(name, 1);

        public override IReadOnlyList<string> ReferenceArguments => [name];

        public override void Run(int count)
        {
            for (int i = 0; i < count; i++)
            {
                _semaphore.Acquire();
                _semaphore.Release();
            }
        }

        public override void Dispose()
        {
            PosixSemaphore.Unlink(name);
            _semaphore.Dispose();
        }
    }
}
