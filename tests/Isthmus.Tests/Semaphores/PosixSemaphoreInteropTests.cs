using System.Diagnostics;
using Isthmus.Tests.Harness;
using Isthmus.Tests.SharedMemory;

namespace Isthmus.Tests.Semaphores;

/// <summary>The other side is C with libc's own sem_open, sem_wait and sem_post.</summary>
public sealed class PosixSemaphoreInteropTests : IDisposable
{
    private const int Exchanges = 1000;
    private const int Increments = 20_000;
    private const int DataOffset = 128;
    private const int CounterOffset = 1024;

    // "named MEMORY THERE BACK": opens ours and makes its own. "memory MEMORY": ours and its own stand in the memory.
    // Then, a thousand times each way: waits, checks the data, answers with other data.
    // "lock MEMORY THERE BACK": counts in the memory, with ours as a lock.
    private const string Source = """
        #include <fcntl.h>
        #include <semaphore.h>
        #include <stdio.h>
        #include <string.h>
        #include <sys/mman.h>
        #include <unistd.h>
        int main(int argc, char **argv) {
            int fd = shm_open(argv[2], O_RDWR, 0);
            char *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
            if (memory == MAP_FAILED) return 1;
            sem_t *there = (sem_t *)memory, *back = (sem_t *)(memory + 32);
            if (strcmp(argv[1], "memory")) {
                there = sem_open(argv[3], 0);
                back = sem_open(argv[4], O_CREAT | O_EXCL, 0600, 0);
                if (there == SEM_FAILED || back == SEM_FAILED) return 2;
            } else if (sem_init(back, 1, 0)) {
                return 3;
            }
            puts("ready"); fflush(stdout);
            volatile long *counter = (volatile long *)(memory + 1024);
            for (int i = 0; !strcmp(argv[1], "lock") && i < 20000; i++) {
                if (sem_wait(there)) return 7;
                ++*counter;
                if (sem_post(there)) return 8;
            }
            if (!strcmp(argv[1], "lock")) return 0;
            unsigned char *data = (unsigned char *)memory + 128;
            for (int i = 0; i < 1000; i++) {
                if (sem_wait(there)) return 4;
                for (int b = 0; b < 64; b++) {
                    if (data[b] != (unsigned char)(i + b)) return 5;
                    data[b] ^= 0xA5;
                }
                if (sem_post(back)) return 6;
            }
            return 0;
        }
        """;

    private readonly TemporaryDirectory _directory = new();
    private readonly SharedMemoryName _memoryName = new();
    private readonly SemaphoreName _there = new();
    private readonly SemaphoreName _back = new();

    public void Dispose()
    {
        _there.Dispose();
        _back.Dispose();
        _memoryName.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task C_and_this_library_share_named_semaphores()
    {
        using PosixSharedMemory memory = PosixSharedMemory.Create(_memoryName, 4096);
        using PosixSemaphore there = PosixSemaphore.Create(_there, 0);
        using Process peer = Start("named", _memoryName, _there, _back);
        using PosixSemaphore back = PosixSemaphore.Open(_back);
        Exchange(memory, there, back);
        await peer.WaitForExitAsync(TestContext.Current.CancellationToken).OrHang();
        Assert.Equal(0, peer.ExitCode);
    }

    [Fact]
    public async Task C_and_this_library_share_semaphores_in_memory()
    {
        using PosixSharedMemory memory = PosixSharedMemory.Create(_memoryName, 4096);
        using PosixSemaphore there = PosixSemaphore.CreateIn(memory, 0, 0);
        using Process peer = Start("memory", _memoryName);
        using PosixSemaphore back = PosixSemaphore.OpenIn(memory, PosixSemaphore.SizeBytes);
        Exchange(memory, there, back);
        await peer.WaitForExitAsync(TestContext.Current.CancellationToken).OrHang();
        Assert.Equal(0, peer.ExitCode);
    }

    [Fact]
    public async Task C_and_this_library_keep_each_other_out()
    {
        using PosixSharedMemory memory = PosixSharedMemory.Create(_memoryName, 4096);
        using PosixSemaphore semaphore = PosixSemaphore.Create(_there, 1);
        using Process peer = Start("lock", _memoryName, _there, _back);
        for (int i = 0; i < Increments; i++)
        {
            semaphore.Acquire();
            memory.AsSpan<long>(CounterOffset, 1)[0]++;
            semaphore.Release();
        }
        await peer.WaitForExitAsync(TestContext.Current.CancellationToken).OrHang();
        Assert.Equal(0, peer.ExitCode);
        Assert.Equal(2 * Increments, memory.AsSpan<long>(CounterOffset, 1)[0]);
        Assert.Equal(1, semaphore.Value);
    }

    private static void Exchange(PosixSharedMemory memory, PosixSemaphore there, PosixSemaphore back)
    {
        for (int i = 0; i < Exchanges; i++)
        {
            Fill(memory.AsSpan<byte>(DataOffset, 64), i, 0);
            there.Release();
            Assert.True(back.TryAcquire(Child.Limit));
            byte[] expected = new byte[64];
            Fill(expected, i, 0xA5);
            Assert.True(memory.AsSpan<byte>(DataOffset, 64).SequenceEqual(expected));
        }
        Assert.Equal(0, there.Value);
        Assert.Equal(0, back.Value);
    }

    private static void Fill(Span<byte> data, int round, byte mask)
    {
        for (int i = 0; i < data.Length; i++)
        {
            data[i] = (byte)((round + i) ^ mask);
        }
    }

    private Process Start(params string[] args)
    {
        string program = _directory["peer"];
        Assert.Equal(("", 0), Peer.Run("gcc", ["-Wall", "-Werror", "-O1", "-x", "c", "-", "-o", program, "-pthread", "-lrt"], Source));
        Process peer = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardOutput = true })!;
        Assert.Equal("ready", peer.StandardOutput.ReadLine());
        return peer;
    }
}
