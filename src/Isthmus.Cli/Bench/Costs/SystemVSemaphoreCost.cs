using System.Globalization;
using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>Acquires and releases a semaphore of a System V set that nobody else uses.</summary>
internal sealed class SystemVSemaphoreCost : CostOperation
{
    public override string Name => "sysv-semaphore";

    public override int Rank => 20;

    public override string Reference => Name;

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new SystemVSemaphoreCost());

    public override CostLoop Prepare(string directory) => new Loop();

    private sealed class Loop : CostLoop
    {
        private readonly SystemVSemaphoreSet _set = SystemVSemaphoreSet.Create(SystemVKey.Private, 1, new() { InitialValues = [1] });

        public override IReadOnlyList<string> ReferenceArguments => [_set.Id.ToString(CultureInfo.InvariantCulture)];

        public override void Run(int count)
        {
            for (int i = 0; i < count; i++)
            {
                _set.Acquire(0);
                _set.Release(0);
            }
        }

        public override void Dispose() => _set.Remove();
    }
}
