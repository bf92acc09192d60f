/*
 * Boost.Interprocess message_queue: a queue for each way and each size of message, because every place of one is as large as its longest message.
 * Spinning: both sides ask again and again, as a spinning queue does.
 */
#include "reference.h"
#if !__has_include(<boost/interprocess/ipc/message_queue.hpp>)
#error boost/interprocess/ipc/message_queue.hpp is not installed
#endif
#include "boost-mq.h"

static void channel_send(const uint8_t *message, size_t size)
{
    boost_queue *queue = queue_of(out, size);
    while (!queue->try_send(message, size, 0))
        ;
}

static void channel_receive(uint8_t *message, size_t size)
{
    boost_queue::size_type length;
    unsigned int priority;
    boost_queue *queue = queue_of(in, size);
    while (!queue->try_receive(place(message, queue, size), queue->get_max_msg_size(), length, priority))
        ;
    take(message, queue, size, length);
}
