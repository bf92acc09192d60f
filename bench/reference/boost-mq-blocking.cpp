/* Boost.Interprocess message_queue, as boost-mq.cpp; its own blocking calls: a mutex and conditions in the shared memory. */
#include "reference.h"
#if !__has_include(<boost/interprocess/ipc/message_queue.hpp>)
#error boost/interprocess/ipc/message_queue.hpp is not installed
#endif
#include "boost-mq.h"

static void channel_send(const uint8_t *message, size_t size) { queue_of(out, size)->send(message, size, 0); }

static void channel_receive(uint8_t *message, size_t size)
{
    boost_queue::size_type length;
    unsigned int priority;
    boost_queue *queue = queue_of(in, size);
    queue->receive(place(message, queue, size), queue->get_max_msg_size(), length, priority);
    take(message, queue, size, length);
}
