using Isthmus.Inspection;
using Isthmus.Native;
using Isthmus.Tests.Harness;
using Isthmus.Tests.Planted;
using static Isthmus.Tests.Reasons.Chains;

namespace Isthmus.Tests.Reasons;

/// <summary>Of mutexes, queues and semaphores: who has it, had it, or used it last.</summary>
public sealed class OwnerTests
{
    [Fact]
    public async Task Threads_that_wait_for_each_others_mutexes_are_a_deadlock()
    {
        using Actor actor = Actor.C("""
            #include <pthread.h>
            #include <stdio.h>
            #include <unistd.h>
            static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER, two = PTHREAD_MUTEX_INITIALIZER;
            static pthread_barrier_t both;
            static void *body(void *swap) {
                pthread_mutex_lock(swap ? &two : &one);
                pthread_barrier_wait(&both);
                pthread_mutex_lock(swap ? &one : &two);
                return 0;
            }
            int main(void) {
                pthread_t a, b;
                pthread_barrier_init(&both, 0, 2);
                pthread_create(&a, 0, body, 0);
                pthread_create(&b, 0, body, &both);
                puts("ready"); fflush(stdout);
                pthread_join(a, 0);
            }
            """);
        WaitChain chain = await ChainOf(actor.Id, found => found.End == WaitEnd.Deadlock);
        Assert.Equal([WaitKind.ThreadEnd, WaitKind.Mutex, WaitKind.Mutex], chain.Steps.Select(step => step.Thread!.Wait.Kind));
        Assert.Equal(2, chain.Cycle.Count);
        Assert.EndsWith(": a deadlock of 2 threads.", chain.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_owner_of_a_mutex_in_shared_memory_is_found_in_another_process()
    {
        using Actor actor = Actor.C("""
            #include <pthread.h>
            #include <signal.h>
            #include <stdio.h>
            #include <sys/mman.h>
            #include <unistd.h>
            int main(void) {
                pthread_mutex_t *mutex = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
                pthread_mutexattr_t shared;
                pthread_mutexattr_init(&shared);
                pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
                pthread_mutexattr_setrobust(&shared, PTHREAD_MUTEX_ROBUST);
                pthread_mutex_init(mutex, &shared);
                int go[2];
                if (pipe(go)) return 1;
                pid_t owner = fork();
                if (!owner) { pthread_mutex_lock(mutex); if (write(go[1], "x", 1) != 1) return 1; raise(SIGSTOP); _exit(0); }
                char byte;
                if (read(go[0], &byte, 1) != 1) return 1;
                printf("ready\n%d\n", owner); fflush(stdout);
                pthread_mutex_lock(mutex);
            }
            """);
        int owner = actor.ReadNumber();
        WaitChain chain = await ChainOf(actor.Id, found => found.End == WaitEnd.Stopped);
        Assert.Equal([actor.Id, owner], chain.Steps.Select(step => step.Process.Id));
        Assert.Contains($"waits for a mutex owned by {owner} (", chain.ToString(), StringComparison.Ordinal);
    }

    // The process that has locked it ends; or only its thread.
    [Theory]
    [InlineData("if (!fork()) { pthread_mutex_lock(mutex); _exit(0); } wait(0);")]
    [InlineData("pthread_t thread; pthread_create(&thread, 0, (void *(*)(void *))pthread_mutex_lock, mutex); pthread_join(thread, 0);")]
    public async Task A_mutex_whose_owner_has_ended_is_told(string end)
    {
        using Actor actor = Actor.C($$"""
            #include <pthread.h>
            #include <stdio.h>
            #include <sys/mman.h>
            #include <sys/wait.h>
            #include <unistd.h>
            int main(void) {
                pthread_mutex_t *mutex = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
                pthread_mutexattr_t shared;
                pthread_mutexattr_init(&shared);
                pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
                pthread_mutex_init(mutex, &shared);
                {{end}}
                puts("ready"); fflush(stdout);
                pthread_mutex_lock(mutex);
            }
            """);
        WaitChain chain = await ChainOf(actor.Id, found => found.End == WaitEnd.OwnerEnded);
        Assert.EndsWith($" waits for a mutex whose owner, thread {chain.Steps[0].Thread!.Wait.OwnerThreadId}, has ended and left it locked.",
            chain.ToString(), StringComparison.Ordinal);
        Assert.Equal([actor.Id], StuckOf([actor.Id]));
    }

    // The same word, but not glibc's lock: what stands behind it is no owner.
    [Fact]
    public async Task A_word_that_only_looks_like_a_mutex_has_no_owner()
    {
        using Actor actor = Actor.Python("""
            say(1); word = struct.pack("IIiIIIQQ", 2, 0, 4194303, 1, 0, 0, 1, 0); libc.syscall(int(sys.argv[1]), word, 128, 2, None, None, 0)
            """, Number(LibC.SYS_futex));
        Assert.Equal("1", actor.ReadLine());
        WaitChain chain = await ChainOf(actor.Id, found => found.Steps[0].Thread!.Wait.Call == "futex");
        Assert.Equal((WaitKind.Futex, WaitEnd.Unknown), (chain.Steps[0].Thread!.Wait.Kind, chain.End));
    }

    [Fact]
    public async Task Who_waits_for_a_message_is_told_with_the_queue()
    {
        using QueueName name = new();
        using PosixMessageQueue queue = PosixMessageQueue.Create(name);
        using Actor actor = Actor.Python("""
            rt = ctypes.CDLL("librt.so.1"); q = rt.mq_open(sys.argv[1].encode(), os.O_RDONLY); say(q)
            rt.mq_receive(q, ctypes.create_string_buffer(10000), 10000, None)
            """, name);
        Assert.True(actor.ReadNumber() > 0);
        // A child that another test has just made has our descriptors until it runs its own program.
        WaitChain chain = await ChainOf(
            actor.Id, found => found.Steps[0].Thread!.Wait.Kind == WaitKind.Receive && found.Steps[0].Holders.Count == 1);
        Assert.Equal(name.Value, chain.Steps[0].Object!.Name);
        // Who has it open to write: we.
        Assert.Equal([actor.Id, Environment.ProcessId], chain.Steps.Select(step => step.Process.Id));
        string expected = $" waits for a message in message queue {name}; {chain.Steps[1].Process} may send there, ";
        Assert.Contains(expected, chain.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_waits_for_a_semaphore_of_System_V_is_told_who_changed_it_last()
    {
        using Actor actor = Actor.Python("""
            sets = [libc.semget(0, 2, 0o1600) for _ in range(2)]
            def take(which): libc.semop(sets[which], struct.pack("HhH", 1, -1, 0), 1)
            def both(first):
                take(first); os.write(done[1], b"x"); os.read(go[0], 1); take(1 - first)
            done = os.pipe(); go = os.pipe()
            for each in sets: libc.semctl(each, 1, 16, 1)
            ids = [fork(lambda: both(0)), fork(lambda: both(1))]
            os.read(done[0], 1); os.read(done[0], 1); os.write(go[1], b"xx")
            say(*ids); ask()
            for each in sets: libc.semctl(each, 0, 0)
            say(1); hold()
            """);
        int[] ids = actor.ReadNumbers();
        WaitChain chain = await ChainOf(ids[0], found => found.Steps.Count == 2 && found.Steps.All(step => step.Thread!.Wait.Kind == WaitKind.Semaphore));
        actor.WriteLine("end");
        Assert.Equal(1, actor.ReadNumber());
        Assert.Equal((WaitEnd.Outside, ids[1]), (chain.End, chain.Culprit!.Id));
        string[] sets = [.. chain.Steps.Select(step => step.Object!.Id.Text)];
        string name = chain.Culprit.Name;
        Assert.Equal(
            $"{ids[0]} ({name}) waits for semaphore set {sets[0]}, changed last by {ids[1]} ({name}), which waits for semaphore set {sets[1]}, "
            + $"changed last by {ids[0]} ({name}).",
            chain.ToString());
    }

    [Fact]
    public async Task Who_waits_for_room_in_a_queue_of_System_V_is_told_who_received_last()
    {
        using Actor actor = Actor.Python("""
            queue = libc.msgget(0, 0o1600); text = struct.pack("q", 1) + bytes(8000)
            def receiver(): libc.msgrcv(queue, ctypes.create_string_buffer(9000), 8000, 0, 0); hold()
            first = fork(receiver); libc.msgsnd(queue, text, 8000, 0)
            def sender():
                while True: libc.msgsnd(queue, text, 8000, 0)
            say(first, fork(sender)); ask(); libc.msgctl(queue, 0, None); say(1); hold()
            """);
        int[] ids = actor.ReadNumbers();
        WaitChain chain = await ChainOf(ids[1], found => found.Steps[0].Thread!.Wait.Kind == WaitKind.Send && found.Steps.Count == 2);
        actor.WriteLine("end");
        Assert.Equal(1, actor.ReadNumber());
        string name = chain.Culprit!.Name;
        Assert.Equal(
            $"{ids[1]} ({name}) waits for room in message queue {chain.Steps[0].Object!.Id.Text}, last received from by {ids[0]} ({name}), "
            + "which waits for a signal.",
            chain.ToString());
    }

    [Fact]
    public async Task A_semaphore_that_is_waited_for_is_told_by_its_name()
    {
        using QueueName name = new();
        using PosixSemaphore semaphore = PosixSemaphore.Create(name, 0);
        try
        {
            using Actor actor = Actor.Python("""
                libc.sem_open.restype = ctypes.c_void_p; s = libc.sem_open(sys.argv[1].encode(), 0); say(1); libc.sem_wait(ctypes.c_void_p(s))
                """, name);
            Assert.Equal("1", actor.ReadLine());
            WaitChain chain = await ChainOf(actor.Id, found => found.Steps[0].Object is not null);
            Assert.Equal((NodeKind.PosixSemaphore, name.Value), (chain.Steps[0].Object!.Kind, chain.Steps[0].Object!.Name));
        }
        finally
        {
            PosixSemaphore.Unlink(name);
        }
    }
}
