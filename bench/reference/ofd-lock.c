/* Locks and unlocks a whole file that nobody else locks: ofd-lock PATH. See cost.h. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

static int file;

static void prepare(int argc, char **argv)
{
    file = argc == 2 ? open(argv[1], O_RDWR | O_CLOEXEC) : -1;
    if (file < 0) {
        puts("error open");
        exit(1);
    }
}

static int set(short type)
{
    struct flock lock = { .l_type = type, .l_whence = SEEK_SET };
    return fcntl(file, F_OFD_SETLKW, &lock);
}

static int pair(void)
{
    return set(F_WRLCK) | set(F_UNLCK);
}

#include "cost.h"
