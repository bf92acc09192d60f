/* Boost.Interprocess message_queue with several senders and receivers; its own blocking calls. */
#define _Alignas alignas
#include "scaling.h"
#if !__has_include(<boost/interprocess/ipc/message_queue.hpp>)
#error boost/interprocess/ipc/message_queue.hpp is not installed
#endif
#include <boost/date_time/posix_time/posix_time_types.hpp>
#include <boost/interprocess/ipc/message_queue.hpp>

typedef boost::interprocess::message_queue boost_queue;

static boost_queue *queue;

static void channel_open(int senders, int receivers, size_t size)
{
    char name[64];
    (void)senders;
    (void)receivers;
    snprintf(name, sizeof name, "isthmus-scaling-%d", (int)getpid());
    try {
        queue = new boost_queue(boost::interprocess::create_only, name, 1024, size);
    } catch (const boost::interprocess::interprocess_exception &error) {
        fail(error.what());
    }
    boost_queue::remove(name);
}

static void channel_join(int sends, int index, int senders, int receivers)
{
    (void)sends;
    (void)index;
    (void)senders;
    (void)receivers;
}

static void channel_send(const uint8_t *message, size_t size) { queue->send(message, size, 0); }

static int channel_try_receive(uint8_t *message, size_t size)
{
    boost_queue::size_type length;
    unsigned int priority;
    using namespace boost::posix_time;
    return queue->try_receive(message, size, length, priority)
        || queue->timed_receive(message, size, length, priority, microsec_clock::universal_time() + milliseconds(2));
}

static void channel_leave(void) { }

static void channel_close(void) { delete queue; }
