/* Acquires and releases the first semaphore of a System V set that nobody else uses: sysv-semaphore ID. See cost.h. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/sem.h>

static int set = -1;

static void prepare(int argc, char **argv)
{
    if (argc == 2)
        set = atoi(argv[1]);
}

static int pair(void)
{
    struct sembuf acquire = { 0, -1, 0 }, release = { 0, 1, 0 };
    return semop(set, &acquire, 1) | semop(set, &release, 1);
}

#include "cost.h"
