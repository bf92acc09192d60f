/* Locks and unlocks a file that nobody else locks, by flock(2): flock PATH. See cost.h. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>

static int file;

static void prepare(int argc, char **argv)
{
    file = argc == 2 ? open(argv[1], O_RDWR | O_CLOEXEC) : -1;
    if (file < 0) {
        puts("error open");
        exit(1);
    }
}

static int pair(void)
{
    return flock(file, LOCK_EX) | flock(file, LOCK_UN);
}

#include "cost.h"
