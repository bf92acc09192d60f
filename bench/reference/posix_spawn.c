/*
 * Starts a program and waits for its end. Commands, one a line:
 *
 *     spawn COUNT       starts and awaits /bin/true COUNT times; answers the median in ns
 *     resident BYTES    touches this much memory and keeps it; answers "ok"
 */
#define _GNU_SOURCE
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { MOST = 4096 };

static uint64_t samples[MOST];

static uint64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static uint64_t spawn(long count)
{
    char *const argv[] = { "true", NULL };
    for (long i = 0; i < count; i++) {
        uint64_t start = now();
        pid_t pid;
        int status;
        if (posix_spawn(&pid, "/bin/true", NULL, NULL, argv, environ) != 0 || waitpid(pid, &status, 0) != pid || status != 0) {
            puts("error posix_spawn");
            exit(1);
        }
        samples[i] = now() - start;
    }
    qsort(samples, (size_t)count, sizeof *samples, compare);
    return samples[count / 2];
}

int main(void)
{
    char line[256], kind[16];
    long value;
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (sscanf(line, "%15s %ld", kind, &value) != 2 || value < 1 || (kind[0] == 's' && value > MOST)) {
            puts("error command");
            return 1;
        }
        if (kind[0] == 's') {
            printf("%llu\n", (unsigned long long)spawn(value));
        } else {
            char *memory = malloc((size_t)value);
            if (memory == NULL) {
                puts("error malloc");
                return 1;
            }
            memset(memory, 1, (size_t)value);
            puts("ok");
        }
        fflush(stdout);
    }
    return 0;
}
