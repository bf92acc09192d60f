/*
 * Several processes that send, and several that receive, as the suite "scaling" of the tool does it.
 *
 * A program includes this header and gives the functions below. Command: "scale SENDERS RECEIVERS SIZE COUNT": each sender sends its part of COUNT
 * messages, all at once; answers "NS MESSAGES", from the first send to the last receipt. A message begins with its sender's number and its own,
 * and every receiver checks both; the sum of them tells that none was lost and none came twice.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Before the fork. */
static void channel_open(int senders, int receivers, size_t size);

/* In each process. */
static void channel_join(int sends, int index, int senders, int receivers);
static void channel_send(const uint8_t *message, size_t size);

/* Waits at most a few milliseconds; 0 when nothing came. */
static int channel_try_receive(uint8_t *message, size_t size);

/* In each process, when all is sent or received; a sender may wait until all_received(). */
static void channel_leave(void);

/* In the parent, when all processes have ended. */
static void channel_close(void);

enum { PROCESSES_MAX = 16, STAMP_PERIOD = 16 };

struct process {
    _Alignas(128) volatile uint64_t ready, count;
    uint64_t sum, wrong, time;
};

static struct {
    _Alignas(128) volatile uint64_t go, expected;
    struct process senders[PROCESSES_MAX], receivers[PROCESSES_MAX];
} *shared;

static void fail(const char *call)
{
    printf("error %s: %s\n", call, strerror(errno));
    fflush(stdout);
    _exit(1);
}

static uint64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void wait_for_go(struct process *self)
{
    self->ready = 1;
    while (!shared->go)
        sched_yield();
}

static uint8_t byte_at(uint64_t number, size_t place) { return (uint8_t)(1 + (number * 31 + place * 7) % 251); }

static void send_all(int index, uint64_t count, size_t size)
{
    uint8_t *messages = (uint8_t *)malloc(count * size);
    if (messages == NULL)
        fail("malloc");
    for (uint64_t i = 0; i < count; i++) {
        uint64_t name = ((uint64_t)(index + 1) << 32) + i + 1;
        memcpy(messages + i * size, &name, sizeof name);
        for (size_t place = sizeof name; place < size; place++)
            messages[i * size + place] = byte_at(i, place);
    }
    wait_for_go(&shared->senders[index]);
    shared->senders[index].time = now();
    for (uint64_t i = 0; i < count; i++)
        channel_send(messages + i * size, size);
}

static uint64_t received(int receivers)
{
    uint64_t sum = 0;
    for (int i = 0; i < receivers; i++)
        sum += shared->receivers[i].count;
    return sum;
}

static int all_received(int receivers) { return received(receivers) >= shared->expected; }

static void check(struct process *self, const uint8_t *messages, uint64_t count, size_t size)
{
    uint64_t last[PROCESSES_MAX] = { 0 };
    for (uint64_t i = 0; i < count; i++) {
        const uint8_t *message = messages + i * size;
        uint64_t name, number;
        memcpy(&name, message, sizeof name);
        number = (name & 0xffffffffu) - 1;
        uint64_t *previous = &last[(name >> 32) % PROCESSES_MAX];
        int right = number + 1 > *previous;
        for (size_t place = sizeof name; place < size; place++)
            right &= message[place] == byte_at(number, place);
        self->wrong += !right;
        self->sum += name;
        *previous = number + 1;
    }
}

static void receive_all(int index, int receivers, uint64_t expected, size_t size)
{
    struct process *self = &shared->receivers[index];
    uint8_t *messages = (uint8_t *)malloc((expected + 1) * size);
    if (messages == NULL)
        fail("malloc");
    memset(messages, 1, (expected + 1) * size);
    wait_for_go(self);
    do {
        while (channel_try_receive(messages + self->count * size, size)) {
            self->count++;
            if (self->count % STAMP_PERIOD == 0 || self->count == expected)
                self->time = now();
        }
    } while (!all_received(receivers));
    check(self, messages, self->count, size);
}

static void take_part(int sends, int index, int senders, int receivers, size_t size, uint64_t each)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
        fail("prctl");
    channel_join(sends, index, senders, receivers);
    if (sends)
        send_all(index, each, size);
    else
        receive_all(index, receivers, each * (uint64_t)senders, size);
    channel_leave();
    _exit(0);
}

static void start(int sends, int index, int senders, int receivers, size_t size, uint64_t each)
{
    pid_t child = fork();
    if (child < 0)
        fail("fork");
    if (child == 0)
        take_part(sends, index, senders, receivers, size, each);
}

static void scale(int senders, int receivers, size_t size, uint64_t each)
{
    uint64_t expected = 0, sum = 0, wrong = 0, first = UINT64_MAX, last = 0;
    int status, failed = 0;
    memset(shared, 0, sizeof *shared);
    shared->expected = each * (uint64_t)senders;
    channel_open(senders, receivers, size);
    for (int i = 0; i < receivers; i++)
        start(0, i, senders, receivers, size, each);
    for (int i = 0; i < senders; i++)
        start(1, i, senders, receivers, size, each);
    for (int i = 0; i < senders + receivers; i++)
        while (!(i < senders ? &shared->senders[i] : &shared->receivers[i - senders])->ready)
            sched_yield();
    shared->go = 1;
    while (wait(&status) > 0)
        failed |= status != 0;
    channel_close();
    for (int i = 0; i < senders; i++) {
        first = shared->senders[i].time < first ? shared->senders[i].time : first;
        for (uint64_t number = 0; number < each; number++)
            expected += ((uint64_t)(i + 1) << 32) + number + 1;
    }
    for (int i = 0; i < receivers; i++) {
        sum += shared->receivers[i].sum;
        wrong += shared->receivers[i].wrong;
        last = shared->receivers[i].time > last ? shared->receivers[i].time : last;
    }
    if (failed)
        fail("child");
    if (wrong != 0 || sum != expected)
        printf("corrupt %llu messages\n", (unsigned long long)(wrong > 0 ? wrong : 1));
    else
        printf("%llu %llu\n", (unsigned long long)(last - first), (unsigned long long)(each * (uint64_t)senders));
    fflush(stdout);
}

int main(void)
{
    char line[256];
    int senders, receivers;
    long size, count;
    void *memory = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        fail("mmap");
    shared = (__typeof__(shared))memory;
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (sscanf(line, "scale %d %d %ld %ld", &senders, &receivers, &size, &count) != 4 || senders < 1 || senders > PROCESSES_MAX || receivers < 1
            || receivers > PROCESSES_MAX || size < (long)sizeof(uint64_t) || count < senders || count > 1 << 24) {
            puts("error command");
            return 1;
        }
        scale(senders, receivers, (size_t)size, (uint64_t)(count / senders));
    }
    return 0;
}
