/* Locks and unlocks a robust, process-shared mutex that nobody else uses. See cost.h. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

static pthread_mutex_t *mutex;

static void prepare(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    pthread_mutexattr_t attributes;
    mutex = mmap(NULL, sizeof *mutex, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (mutex == MAP_FAILED
        || pthread_mutexattr_init(&attributes) != 0
        || pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED) != 0
        || pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST) != 0
        || pthread_mutex_init(mutex, &attributes) != 0) {
        puts("error pthread_mutex_init");
        exit(1);
    }
}

static int pair(void)
{
    return pthread_mutex_lock(mutex) | pthread_mutex_unlock(mutex);
}

#include "cost.h"
