/* Two POSIX message queues, one for each way. mq_overview(7) */
#include "reference.h"
#include <mqueue.h>

/* The same number of places as in PosixQueueMechanism.cs; and the longest message that the machine allows. */
enum { MESSAGES = 4 };

static mqd_t there, back, in, out;
static char *buffer;
static size_t longest = 8192;

static mqd_t queue_create(const char *name)
{
    char unique[64];
    struct mq_attr attributes = { .mq_maxmsg = MESSAGES, .mq_msgsize = (long)longest };
    snprintf(unique, sizeof unique, "/isthmus-reference-%d-%s", (int)getpid(), name);
    mqd_t queue = mq_open(unique, O_RDWR | O_CREAT | O_EXCL, 0600, &attributes);
    if (queue < 0 || mq_unlink(unique) != 0)
        fail("mq_open");
    return queue;
}

static void channel_open(void)
{
    FILE *limit = fopen("/proc/sys/fs/mqueue/msgsize_max", "r");
    if (limit != NULL && fscanf(limit, "%zu", &longest) != 1)
        fail("fscanf");
    if (limit != NULL)
        fclose(limit);
    buffer = allocate(longest);
    there = queue_create("there");
    back = queue_create("back");
}

static void channel_keep(int side)
{
    in = side == 0 ? back : there;
    out = side == 0 ? there : back;
}

static void channel_send(const uint8_t *message, size_t size)
{
    if (mq_send(out, (const char *)message, size, 0) != 0)
        fail("mq_send");
}

/* The buffer must have room for the longest message: so each is copied once more, as it is in .NET. */
static void channel_receive(uint8_t *message, size_t size)
{
    transfer(mq_receive(in, buffer, longest, NULL), size, "mq_receive");
    memcpy(message, buffer, size);
}
