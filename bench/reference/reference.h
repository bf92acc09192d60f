/*
 * What the reference programs share: the same exchange as the tool's own, in plain C. (C++ may include it, too.)
 *
 * A program includes this header after defining nothing, and gives four functions (below). It reads one command a line:
 *
 *     hello                                answers "0" when both ends are open
 *     latency SIZE CHUNKS CPU_A CPU_B      there and back; answers "P50 P99" in ns
 *     throughput SIZE CHUNKS CPU_A CPU_B   one way; answers "NS MESSAGES"
 *
 * A CPU below 0 means: wherever the scheduler likes. Every message of every chunk is kept and compared byte for byte, after
 * the clock has stopped: a wrong one answers "corrupt ..." and ends the program. Any failed call answers "error ...".
 *
 * With the argument "threads" each of the two processes has a second thread that does nothing. The kernel finds a descriptor
 * faster in a process with one thread (it need not count a reference), which a .NET process never is: the difference
 * between the two is the price of having threads, not of a language.
 */
#ifndef _GNU_SOURCE /* A C++ compiler has it already. */
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Makes both ends, before the fork. */
static void channel_open(void);

/* Keeps one end: 0 in the parent, which sends first, 1 in its child. What does not survive a fork is made here. */
static void channel_keep(int side);

/* Whole messages: blocks until all of it is sent or received. */
static void channel_send(const uint8_t *message, size_t size);
static void channel_receive(uint8_t *message, size_t size);

/* The same numbers as in Messages.cs, so that both sides do the same work. */
enum { STRIDE = 64, VARIANTS = 64, MESSAGE_MAX = 4 << 20, RING = 4 * MESSAGE_MAX, LATENCY_RING = 1 << 20, THROUGHPUT_RING = 1 << 22 };

struct order { uint64_t kind, size, chunks, seed; int64_t cpu; };
struct answer { uint64_t bad, nanoseconds; };

static int control[2];
static uint8_t *source, *ring;
static uint64_t *samples;

static void fail(const char *call)
{
    printf("error %s: %s\n", call, strerror(errno));
    fflush(stdout);
    _exit(1);
}

static void transfer(ssize_t done, size_t wanted, const char *call)
{
    if (done != (ssize_t)wanted)
        fail(call);
}

static uint64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void pin(int64_t cpu)
{
    static cpu_set_t allowed;
    static int known;
    cpu_set_t set;
    if (!known && sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        fail("sched_getaffinity");
    known = 1;
    CPU_ZERO(&set);
    if (cpu >= 0)
        CPU_SET((int)cpu, &set);
    if (sched_setaffinity(0, sizeof set, cpu >= 0 ? &set : &allowed) != 0)
        fail("sched_setaffinity");
}

/* A byte is never 0 and never 255: eight of them are a value that an eventfd takes. */
static void fill(uint64_t seed, size_t size)
{
    for (size_t i = 0; i < size + STRIDE * VARIANTS; i++) {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        source[i] = (uint8_t)(1 + (seed >> 32) % 251);
    }
}

static const uint8_t *message_at(uint64_t index) { return source + index % VARIANTS * STRIDE; }

static uint64_t slots(size_t ring_bytes, size_t size, uint64_t least, uint64_t most)
{
    uint64_t fit = ring_bytes / size;
    return fit < least ? least : fit > most ? most : fit;
}

static uint64_t latency_slots(size_t size) { return slots(LATENCY_RING, size, 4, 256); }
static uint64_t throughput_slots(size_t size) { return slots(THROUGHPUT_RING, size, 4, 8192); }

/* The number of messages in the ring that are not what was sent. Clears it: an old message must not pass for a new one. */
static uint64_t check(uint64_t count, size_t size)
{
    uint64_t bad = 0;
    for (uint64_t i = 0; i < count; i++)
        bad += memcmp(ring + i * size, message_at(i), size) != 0;
    memset(ring, 0, count * size);
    return bad;
}

static void expect_none(uint64_t bad)
{
    if (bad != 0) {
        printf("corrupt %llu messages\n", (unsigned long long)bad);
        fflush(stdout);
        _exit(1);
    }
}

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void latency(const struct order *order)
{
    uint64_t count = latency_slots(order->size), taken = 0;
    for (uint64_t chunk = 0; chunk < order->chunks; chunk++) {
        /* The first of a chunk finds the other side cold: it is checked and not counted. */
        for (uint64_t i = 0; i < count; i++) {
            uint64_t start = now();
            channel_send(message_at(i), order->size);
            channel_receive(ring + i * order->size, order->size);
            samples[taken + i] = now() - start;
        }
        memmove(samples + taken, samples + taken + 1, (count - 1) * sizeof *samples);
        taken += count - 1;
        expect_none(check(count, order->size));
    }
    qsort(samples, taken, sizeof *samples, compare);
    printf("%llu %llu\n", (unsigned long long)samples[taken / 2], (unsigned long long)samples[taken * 99 / 100]);
}

static void echo(const struct order *order)
{
    for (uint64_t i = latency_slots(order->size) * order->chunks; i > 0; i--) {
        channel_receive(ring, order->size);
        channel_send(ring, order->size);
    }
}

static void stream(const struct order *order)
{
    uint64_t count = throughput_slots(order->size), nanoseconds = 0;
    struct answer answer;
    for (uint64_t chunk = 0; chunk < order->chunks; chunk++) {
        transfer(read(control[0], &answer, sizeof answer), sizeof answer, "read");
        uint64_t start = now();
        for (uint64_t i = 0; i < count; i++)
            channel_send(message_at(i), order->size);
        transfer(read(control[0], &answer, sizeof answer), sizeof answer, "read");
        expect_none(answer.bad);
        nanoseconds += answer.nanoseconds - start;
    }
    printf("%llu %llu\n", (unsigned long long)nanoseconds, (unsigned long long)(count * order->chunks));
}

static void sink(const struct order *order)
{
    uint64_t count = throughput_slots(order->size);
    struct answer answer = { 0, 0 };
    for (uint64_t chunk = 0; chunk < order->chunks; chunk++) {
        transfer(write(control[1], &answer, sizeof answer), sizeof answer, "write");
        for (uint64_t i = 0; i < count; i++)
            channel_receive(ring + i * order->size, order->size);
        answer.nanoseconds = now();
        answer.bad = check(count, order->size);
        transfer(write(control[1], &answer, sizeof answer), sizeof answer, "write");
    }
}

static void obey(const struct order *order, int side)
{
    pin(order->cpu);
    fill(order->seed, order->size);
    if (order->kind == 'l')
        side == 0 ? latency(order) : echo(order);
    else
        side == 0 ? stream(order) : sink(order);
}

static void *idle(void *unused)
{
    for (;;)
        pause();
    return unused;
}

static void add_thread(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, idle, NULL) != 0)
        fail("pthread_create");
}

static void child(int threads)
{
    struct order order;
    if (threads)
        add_thread();
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
        fail("prctl");
    while (read(control[1], &order, sizeof order) == sizeof order)
        obey(&order, 1);
    _exit(0);
}

static void *allocate(size_t size)
{
    void *memory = calloc(1, size); /* Pages come when a size is first used, which is never measured. */
    if (memory == NULL)
        fail("calloc");
    return memory;
}

int main(int argc, char **argv)
{
    char line[256], kind[16];
    long long size, chunks, cpu_a, cpu_b;
    uint64_t seed = now() | 1;
    int threads = argc > 1 && strcmp(argv[1], "threads") == 0;

    source = (uint8_t *)allocate(MESSAGE_MAX + STRIDE * VARIANTS);
    ring = (uint8_t *)allocate(RING);
    samples = (uint64_t *)allocate((1 << 20) * sizeof *samples);
    channel_open();
    if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, control) != 0)
        fail("socketpair");
    pid_t peer = fork();
    if (peer < 0)
        fail("fork");
    close(control[peer == 0 ? 0 : 1]);
    channel_keep(peer == 0 ? 1 : 0);
    if (peer == 0)
        child(threads);
    if (threads)
        add_thread();

    while (fgets(line, sizeof line, stdin) != NULL) {
        if (strcmp(line, "hello\n") == 0) {
            puts("0");
            fflush(stdout);
            continue;
        }
        if (sscanf(line, "%15s %lld %lld %lld %lld", kind, &size, &chunks, &cpu_a, &cpu_b) != 5
            || size < 1 || size > MESSAGE_MAX || chunks < 1 || chunks * (long long)latency_slots((size_t)size) > 1 << 20) {
            puts("error command");
            return 1;
        }
        struct order order = { (uint64_t)kind[0], (uint64_t)size, (uint64_t)chunks, seed += 2, cpu_b };
        transfer(write(control[0], &order, sizeof order), sizeof order, "write");
        order.cpu = cpu_a;
        obey(&order, 0);
        fflush(stdout);
    }
    close(control[0]);
    waitpid(peer, NULL, 0);
    return 0;
}
