/*
 * Plants processes to be looked at: each has 20 descriptors (pipes, sockets and a file shared with its neighbours, and some of its own), shares
 * memory, and sleeps in epoll_wait; one of twenty wakes up four times a second. All of them end with this program.
 *
 * Command: "plant COUNT DIRECTORY" plants so many more, with their files there; answers how many descriptors they have together.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { DESCRIPTORS = 20, ONE_OF = 20, WAKE_MILLISECONDS = 250, FIRST = 3 };

/* What two neighbours share: a pipe and a pair of sockets. The left one writes. */
struct link { int pipe[2], sockets[2]; };

static void fail(const char *call)
{
    printf("error %s: %s\n", call, strerror(errno));
    fflush(stdout);
    _exit(1);
}

static int check(int result, const char *call)
{
    if (result < 0)
        fail(call);
    return result;
}

static void make_link(struct link *link)
{
    check(pipe2(link->pipe, O_CLOEXEC), "pipe2");
    check(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, link->sockets), "socketpair");
}

static void close_link(struct link *link, int side)
{
    close(link->pipe[side]);
    close(link->sockets[side]);
}

static void watch(int set, int descriptor)
{
    struct epoll_event event = { .events = EPOLLIN };
    check(epoll_ctl(set, EPOLL_CTL_ADD, descriptor, &event), "epoll_ctl");
}

/* 3 standard ones, 4 of links, and these 13. */
static int open_own(const char *directory, int index, const struct link *left)
{
    char path[4200];
    int own[2];
    snprintf(path, sizeof path, "%s/shared", directory);
    for (int i = 0; i < 3; i++)
        check(open(path, O_RDWR | O_CREAT, 0600), "open");
    snprintf(path, sizeof path, "%s/%d", directory, index);
    for (int i = 0; i < 2; i++)
        check(open(path, O_RDWR | O_CREAT, 0600), "open");
    unlink(path);
    check(pipe(own), "pipe");
    check(socketpair(AF_UNIX, SOCK_DGRAM, 0, own), "socketpair");
    int memory = check(memfd_create("planted", 0), "memfd_create");
    check(ftruncate(memory, 4096), "ftruncate");
    if (mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0) == MAP_FAILED)
        fail("mmap");
    check(timerfd_create(CLOCK_MONOTONIC, 0), "timerfd_create");
    int event = check(eventfd(0, 0), "eventfd");
    int set = check(epoll_create1(0), "epoll_create1");
    watch(set, event);
    /* Nobody has the other end of the first one's, which would be an event for ever. */
    if (index > 0) {
        watch(set, left->pipe[0]);
        watch(set, left->sockets[0]);
    }
    return set;
}

static void child(const char *directory, int index, const struct link *left, int ready)
{
    struct epoll_event event;
    check(prctl(PR_SET_PDEATHSIG, SIGKILL), "prctl");
    int null = check(open("/dev/null", O_RDWR), "open");
    for (int standard = 0; standard < FIRST; standard++)
        check(dup2(null, standard), "dup2");
    close(null);
    int set = open_own(directory, index, left);
    close(ready);
    for (;;)
        epoll_wait(set, &event, 1, index % ONE_OF == 0 ? WAKE_MILLISECONDS : -1);
}

int main(void)
{
    char line[4200], directory[4096];
    static struct link left, right;
    static int count, made;
    make_link(&left);
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (sscanf(line, "plant %d %4095s", &count, directory) != 2 || count < 1) {
            puts("error command");
            return 1;
        }
        int ready[2];
        char end;
        check(pipe2(ready, O_CLOEXEC), "pipe2");
        for (int i = 0; i < count; i++, made++) {
            make_link(&right);
            pid_t id = check(fork(), "fork");
            if (id == 0) {
                close(ready[0]);
                close_link(&left, 1);
                close_link(&right, 0);
                child(directory, made, &left, ready[1]);
            }
            close_link(&left, 0);
            close_link(&left, 1);
            left = right;
        }
        close(ready[1]);
        check((int)read(ready[0], &end, 1), "read");
        close(ready[0]);
        printf("%d\n", made * DESCRIPTORS);
        fflush(stdout);
    }
    return 0;
}
