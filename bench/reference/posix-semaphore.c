/* Acquires and releases a POSIX semaphore that nobody else uses: posix-semaphore NAME. See cost.h. */
#define _GNU_SOURCE
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>

static sem_t *semaphore;

static void prepare(int argc, char **argv)
{
    semaphore = argc == 2 ? sem_open(argv[1], 0) : SEM_FAILED;
    if (semaphore == SEM_FAILED) {
        puts("error sem_open");
        exit(1);
    }
}

static int pair(void)
{
    return sem_wait(semaphore) | sem_post(semaphore);
}

#include "cost.h"
