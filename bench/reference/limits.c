/*
 * The machine's own limits. Commands, one a line:
 *
 *     cache-line COUNT CPU_A CPU_B   one cache line there and back between two processes; answers ns each
 *     syscall COUNT CPU_A CPU_B      the cheapest call into the kernel; answers ns each
 */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void fail(const char *call)
{
    printf("error %s\n", call);
    fflush(stdout);
    _exit(1);
}

static void pin(int cpu)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    if (cpu >= 0 && sched_setaffinity(0, sizeof set, &set) != 0)
        fail("sched_setaffinity");
}

/* One word goes to and fro: odd values are for the child, even ones for the parent. */
static double cache_line(long count, int cpu_a, int cpu_b)
{
    _Atomic long *word = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (word == MAP_FAILED)
        fail("mmap");
    pid_t child = fork();
    if (child < 0)
        fail("fork");
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        pin(cpu_b);
        for (long i = 0; i < 2 * count; i++) {
            while (atomic_load_explicit(word, memory_order_acquire) != 2 * i + 1)
                ;
            atomic_store_explicit(word, 2 * i + 2, memory_order_release);
        }
        _exit(0);
    }
    pin(cpu_a);
    double start = 0;
    for (long i = 0; i < 2 * count; i++) {
        if (i == count) /* The first half warms up. */
            start = now();
        atomic_store_explicit(word, 2 * i + 1, memory_order_release);
        while (atomic_load_explicit(word, memory_order_acquire) != 2 * i + 2)
            ;
    }
    double each = (now() - start) / (double)count;
    waitpid(child, NULL, 0);
    munmap((void *)word, 4096);
    return each;
}

static double bare_syscall(long count, int cpu)
{
    pin(cpu);
    double start = now();
    for (long i = 0; i < count; i++)
        syscall(SYS_getppid);
    return (now() - start) / (double)count;
}

int main(void)
{
    char line[256], kind[16];
    long count;
    int cpu_a, cpu_b;
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (sscanf(line, "%15s %ld %d %d", kind, &count, &cpu_a, &cpu_b) != 4 || count < 1)
            fail("command");
        printf("%.2f\n", kind[0] == 'c' ? cache_line(count, cpu_a, cpu_b) : bare_syscall(count, cpu_a));
        fflush(stdout);
    }
    return 0;
}
