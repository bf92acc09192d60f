using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>Enters and leaves a <see cref="Lock"/> of this process that nobody else uses: what a lock costs that nobody shares.</summary>
internal sealed class LockCost : CostOperation
{
    public override string Name => "peer:lock";

    public override int Rank => 3;

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new LockCost());

    public override CostLoop Prepare(string directory) => new Loop();

    private sealed class Loop : CostLoop
    {
        private readonly Lock _lock = new();

        public override void Run(int count)
        {
            for (int i = 0; i < count; i++)
            {
                _lock.Enter();
                _lock.Exit();
            }
        }

        public override void Dispose()
        {
        }
    }
}
