using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>Enters and leaves a named <see cref="Mutex"/> of the BCL that nobody else uses.</summary>
internal sealed class BclMutexCost : CostOperation
{
    public override string Name => "peer:bcl-mutex";

    public override int Rank => 4;

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new BclMutexCost());

    public override CostLoop Prepare(string directory) => new Loop();

    private sealed class Loop : CostLoop
    {
        private readonly Mutex _mutex = new(false, $"isthmus-bench-{Guid.NewGuid():N}");

        public override void Run(int count)
        {
            for (int i = 0; i < count; i++)
            {
                _mutex.WaitOne();
                _mutex.ReleaseMutex();
            }
        }

        public override void Dispose() => _mutex.Dispose();
    }
}
