/* What the programs of Boost's queue share. The queues are made before the fork, and their names are gone by then. */
#include <boost/interprocess/ipc/message_queue.hpp>

typedef boost::interprocess::message_queue boost_queue;

static const size_t sizes[] = { 8, 64, 512, 4096, 16384, 65536, 262144, 1 << 20, 4 << 20 };
enum { SIZES = sizeof sizes / sizeof *sizes, BYTES = 1 << 20 };

static boost_queue *queues[2][SIZES], **in, **out;
static uint8_t *spare;

static void channel_open(void)
{
    char name[64];
    spare = (uint8_t *)allocate(MESSAGE_MAX);
    for (int way = 0; way < 2; way++)
        for (int i = 0; i < SIZES; i++) {
            snprintf(name, sizeof name, "isthmus-reference-%d-%d-%d", (int)getpid(), way, i);
            try {
                queues[way][i] = new boost_queue(boost::interprocess::create_only, name, slots(BYTES, sizes[i], 4, 1024), sizes[i]);
            } catch (const boost::interprocess::interprocess_exception &error) {
                printf("error message_queue: %s\n", error.what());
                fflush(stdout);
                _exit(1);
            }
            boost_queue::remove(name);
        }
}

static void channel_keep(int side)
{
    out = queues[side];
    in = queues[1 - side];
}

static boost_queue *queue_of(boost_queue **way, size_t size)
{
    int i = 0;
    while (sizes[i] < size)
        i++;
    return way[i];
}

/* The buffer of a receiver must have room for the longest message. */
static uint8_t *place(uint8_t *message, boost_queue *queue, size_t size)
{
    return queue->get_max_msg_size() == size ? message : spare;
}

static void take(uint8_t *message, boost_queue *queue, size_t size, size_t length)
{
    transfer((ssize_t)length, size, "receive");
    if (place(message, queue, size) == spare)
        memcpy(message, spare, size);
}
