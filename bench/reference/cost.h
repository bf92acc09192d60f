/*
 * Measures a pair of calls that undo each other. A program defines, before it includes this:
 *
 *     static void prepare(int argc, char **argv);
 *     static int pair(void);      not 0 when a call failed
 *
 * Command: "run COUNT" does the pair COUNT times; answers ns each.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

int main(int argc, char **argv)
{
    char line[256];
    long count;
    prepare(argc, argv);
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (sscanf(line, "run %ld", &count) != 1 || count < 1) {
            puts("error command");
            return 1;
        }
        double start = now();
        for (long i = 0; i < count; i++) {
            if (pair() != 0) {
                puts("error call");
                return 1;
            }
        }
        printf("%.3f\n", (now() - start) / (double)count);
        fflush(stdout);
    }
    return 0;
}
