/*
 * Processes that do nothing but lock a robust mutex, count one in plain memory, and unlock it.
 *
 * Command: "contend PROCESSES MS"; answers operations of all, of the least and of the most busy process.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PROCESSES_MAX = 64, BATCH = 16 };

static struct shared {
    pthread_mutex_t mutex;
    _Alignas(128) volatile long counter;
    _Alignas(128) volatile long done[PROCESSES_MAX * 16];
} *shared;

static void fail(const char *call)
{
    printf("error %s\n", call);
    fflush(stdout);
    _exit(1);
}

static uint64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void contend(int index, uint64_t start, uint64_t end)
{
    long done = 0;
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
        _exit(1);
    while (now() < start)
        sched_yield();
    do {
        for (int i = 0; i < BATCH; i++) {
            if (pthread_mutex_lock(&shared->mutex) != 0)
                _exit(1);
            shared->counter = shared->counter + 1;
            if (pthread_mutex_unlock(&shared->mutex) != 0)
                _exit(1);
        }
        done += BATCH;
    } while (now() < end);
    shared->done[index * 16] = done;
    _exit(0);
}

static void run(int processes, long milliseconds)
{
    long all = 0, least = -1, most = 0;
    int status, failed = 0;
    uint64_t start = now() + 20000000u, end = start + (uint64_t)milliseconds * 1000000u;
    shared->counter = 0;
    for (int i = 0; i < processes; i++) {
        pid_t child = fork();
        if (child < 0)
            fail("fork");
        if (child == 0)
            contend(i, start, end);
    }
    while (wait(&status) > 0)
        failed |= status != 0;
    for (int i = 0; i < processes; i++) {
        long done = shared->done[i * 16];
        all += done;
        least = least < 0 || done < least ? done : least;
        most = done > most ? done : most;
    }
    if (failed || all != shared->counter)
        fail("contend");
    printf("%ld %ld %ld\n", all, least, most);
    fflush(stdout);
}

int main(void)
{
    char line[256];
    int processes;
    long milliseconds;
    pthread_mutexattr_t attributes;
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED
        || pthread_mutexattr_init(&attributes) != 0
        || pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED) != 0
        || pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST) != 0
        || pthread_mutex_init(&shared->mutex, &attributes) != 0)
        fail("pthread_mutex_init");
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (sscanf(line, "contend %d %ld", &processes, &milliseconds) != 2 || processes < 1 || processes > PROCESSES_MAX) {
            puts("error command");
            return 1;
        }
        run(processes, milliseconds);
    }
    return 0;
}
