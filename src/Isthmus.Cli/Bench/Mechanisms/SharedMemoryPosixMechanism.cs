using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>A bounded buffer in POSIX shared memory, with POSIX semaphores in it. shm_overview(7), sem_overview(7)</summary>
internal sealed class SharedMemoryPosixMechanism : Mechanism
{
    public override string Name => "shm+posix-sem";

    public override int Rank => 27;

    public override Rows Latency => Rows.Sync | Rows.OneCpu;

    public override Rows Throughput => Rows.Sync | Rows.OneCpu;

    public override string Reference => "shm-posix-sem";

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new SharedMemoryPosixMechanism());

    public override Offer Offer(string directory)
    {
        string name = $"/isthmus-bench-{Guid.NewGuid():N}";
        PosixSharedMemory memory = PosixSharedMemory.Create(name, BoundedBuffer.Length);
        // The peer gets the descriptor: nothing is left behind, however the run ends.
        PosixSharedMemory.Unlink(name);
        BoundedBuffer buffer = PosixBuffer.Create(memory);
        return new Offer("", [memory.Handle], () => buffer);
    }

    public override Connection Join(string address, IReadOnlyList<SafeFileHandle> handles) =>
        PosixBuffer.Open(PosixSharedMemory.FromHandle(handles[0]));
}

/// <summary>A bounded buffer whose semaphores are POSIX's and stand in the memory itself.</summary>
internal static class PosixBuffer
{
    public static BoundedBuffer Create(MappedMemory memory) => new(
        memory,
        [.. Enumerable.Range(0, 4).Select(i => new PosixCount(
            PosixSemaphore.CreateIn(memory, BoundedBuffer.SemaphoreOffset(i), BoundedBuffer.InitialCount(i))))],
        isOffered: true);

    public static BoundedBuffer Open(MappedMemory memory) => new(
        memory,
        [.. Enumerable.Range(0, 4).Select(i => new PosixCount(PosixSemaphore.OpenIn(memory, BoundedBuffer.SemaphoreOffset(i))))],
        isOffered: false);

    private sealed class PosixCount(PosixSemaphore semaphore) : ICountingSemaphore
    {
        public void Acquire() => semaphore.Acquire();

        public void Release() => semaphore.Release();

        public void Dispose() => semaphore.Dispose();
    }
}
