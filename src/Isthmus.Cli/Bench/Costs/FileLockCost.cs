using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>Locks and unlocks a file that nobody else locks.</summary>
internal sealed class FileLockCost(string name, int rank, FileLockKind kind) : CostOperation
{
    public override string Name => name;

    public override int Rank => rank;

    public override string Reference => Name;

    [ModuleInitializer]
    internal static void Register()
    {
        BenchCatalog.Add(new FileLockCost("ofd-lock", 30, FileLockKind.Ofd));
        BenchCatalog.Add(new FileLockCost("flock", 40, FileLockKind.Flock));
    }

    public override CostLoop Prepare(string directory) => new Loop(Path.Combine(directory, name + ".lock"), kind);

    // The file goes with its directory.
    private sealed class Loop(string path, FileLockKind kind) : CostLoop
    {
        private readonly FileLock _lock = FileLock.OpenOrCreate(path, new() { Kind = kind });

        public override IReadOnlyList<string> ReferenceArguments => [path];

        public override void Run(int count)
        {
            for (int i = 0; i < count; i++)
            {
                _lock.Acquire();
                _lock.Release();
            }
        }

        public override void Dispose() => _lock.Dispose();
    }
}
