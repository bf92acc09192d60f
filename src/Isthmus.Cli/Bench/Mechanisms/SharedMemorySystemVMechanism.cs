using System.Globalization;
using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>A bounded buffer in System V shared memory, with a System V semaphore set. sysvipc(7)</summary>
internal sealed class SharedMemorySystemVMechanism : Mechanism
{
    private const int Count = 4;

    public override string Name => "shm+sysv-sem";

    public override int Rank => 28;

    public override Rows Latency => Rows.Sync | Rows.OneCpu;

    public override Rows Throughput => Rows.Sync | Rows.OneCpu;

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new SharedMemorySystemVMechanism());

    public override Offer Offer(string directory)
    {
        SystemVSharedMemory memory = SystemVSharedMemory.Create(SystemVKey.Private, BoundedBuffer.Length);
        // Removed at once: it lives while somebody has it attached, and Linux lets the peer attach it by its id until then.
        memory.Remove();
        int[] counts = [.. Enumerable.Range(0, Count).Select(BoundedBuffer.InitialCount)];
        SystemVSemaphoreSet semaphores = SystemVSemaphoreSet.Create(SystemVKey.Private, Count, new() { InitialValues = counts });
        BoundedBuffer buffer = Buffer(memory, semaphores, isOffered: true);
        return new Offer(string.Create(CultureInfo.InvariantCulture, $"{memory.Id} {semaphores.Id}"), [], () => buffer);
    }

    public override Connection Join(string address, IReadOnlyList<SafeFileHandle> handles)
    {
        int[] ids = [.. address.Split(' ').Select(id => int.Parse(id, CultureInfo.InvariantCulture))];
        return Buffer(SystemVSharedMemory.Open(ids[0]), SystemVSemaphoreSet.Open(ids[1]), isOffered: false);
    }

    private static BoundedBuffer Buffer(SystemVSharedMemory memory, SystemVSemaphoreSet semaphores, bool isOffered) =>
        new(memory, [.. Enumerable.Range(0, Count).Select(i => new SystemVCount(semaphores, i))], isOffered);

    private sealed class SystemVCount : ICountingSemaphore
    {
        private readonly SystemVSemaphoreSet _semaphores;
        private readonly int _index;

        public SystemVCount(SystemVSemaphoreSet semaphores, int index)
        {
            _semaphores = semaphores;
            _index = index;
            // No descriptor keeps the set, and none ends it: when the tool is killed, its peer ends, and takes it along.
            AppDomain.CurrentDomain.ProcessExit += Remove;
        }

        public void Acquire() => _semaphores.Acquire(_index);

        public void Release() => _semaphores.Release(_index);

        public void Dispose()
        {
            AppDomain.CurrentDomain.ProcessExit -= Remove;
            Remove(this, EventArgs.Empty);
        }

        private void Remove(object? sender, EventArgs e)
        {
            try
            {
                _semaphores.Remove();
            }
            catch (PosixException)
            {
                // It is removed already, with the first of the four or by the other side.
            }
        }
    }
}
