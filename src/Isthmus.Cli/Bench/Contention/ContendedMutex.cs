using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>A <see cref="SharedMutex"/> that several processes want.</summary>
internal sealed class ContendedMutex : ContendedLock
{
    public override string Name => "mutex";

    public override int Rank => 10;

    public override string Reference => "contended-mutex";

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new ContendedMutex());

    public override (IDisposable Owner, SafeFileHandle Handle) Create()
    {
        SharedMutex mutex = SharedMutex.CreateUnnamed();
        return (mutex, mutex.Share());
    }

    public override ContendedLoop Open(SafeFileHandle handle) => new Loop(SharedMutex.OpenUnnamed(handle));

    private sealed class Loop(SharedMutex mutex) : ContendedLoop
    {
        public override void Run(int count, ref long counter)
        {
            for (int i = 0; i < count; i++)
            {
                using SharedMutexScope scope = mutex.Enter();
                counter++;
            }
        }

        public override void Dispose() => mutex.Dispose();
    }
}
