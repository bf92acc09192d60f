using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>Enters and leaves a <see cref="SharedMutex"/> that nobody else uses.</summary>
internal sealed class MutexCost : CostOperation
{
    public override string Name => "mutex";

    public override int Rank => 2;

    public override string Reference => Name;

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new MutexCost());

    public override CostLoop Prepare(string directory) => new Loop();

    private sealed class Loop : CostLoop
    {
        private readonly SharedMutex _mutex = SharedMutex.CreateUnnamed();

        public override void Run(int count)
        {
            for (int i = 0; i < count; i++)
            {
                _mutex.Enter().Dispose();
            }
        }

        public override void Dispose() => _mutex.Dispose();
    }
}
