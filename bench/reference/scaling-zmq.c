/*
 * ZeroMQ over ipc:// with several senders and receivers: every receiver has a PULL socket, and every sender a PUSH socket that is connected to all of
 * them, so that they share the messages. zmq_ipc(7)
 */
#include "scaling.h"
#if !__has_include(<zmq.h>)
#error zmq.h is not installed
#endif
#include <zmq.h>
#include "peer-path.h"

enum { SILENCE_MS = 2, RECONNECT_MS = 1 };

static void *context, *zsocket;
static int opener, is_sender, receivers_count;

static void must(int result, const char *call)
{
    if (result < 0)
        fail(call);
}

static void set(int option, int value) { must(zmq_setsockopt(zsocket, option, &value, sizeof value), "zmq_setsockopt"); }

static void channel_open(int senders, int receivers, size_t size)
{
    (void)senders;
    (void)size;
    opener = (int)getpid();
    receivers_count = receivers;
}

static void address_of(int receiver, char *address, size_t size) { socket_address(address, size, "ipc://", opener, receiver); }

static void channel_join(int sends, int index, int senders, int receivers)
{
    char address[300];
    (void)senders;
    is_sender = sends;
    /* A context does not survive a fork: each process has its own. */
    if ((context = zmq_ctx_new()) == NULL || (zsocket = zmq_socket(context, sends ? ZMQ_PUSH : ZMQ_PULL)) == NULL)
        fail("zmq_socket");
    set(ZMQ_LINGER, 0);
    if (!sends) {
        set(ZMQ_RCVTIMEO, SILENCE_MS);
        address_of(index, address, sizeof address);
        must(zmq_bind(zsocket, address), "zmq_bind");
        return;
    }
    set(ZMQ_RECONNECT_IVL, RECONNECT_MS);
    for (int i = 0; i < receivers; i++) {
        /* It is bound when it is ready. */
        while (!shared->receivers[i].ready)
            sched_yield();
        address_of(i, address, sizeof address);
        must(zmq_connect(zsocket, address), "zmq_connect");
    }
}

static void channel_send(const uint8_t *message, size_t size)
{
    if (zmq_send(zsocket, message, size, 0) != (int)size)
        fail("zmq_send");
}

static int channel_try_receive(uint8_t *message, size_t size)
{
    int length = zmq_recv(zsocket, message, size, 0);
    if (length < 0 && errno != EAGAIN && errno != EINTR)
        fail("zmq_recv");
    return length == (int)size;
}

/* What was sent is in the hands of a thread of the library: a sender that left at once would take it away, and one that waits for the library to be
 * done with it waits for ever when its peer has gone. So senders wait until the receivers have counted all. */
static void channel_leave(void)
{
    while (is_sender && !all_received(receivers_count))
        usleep(1000);
    must(zmq_close(zsocket), "zmq_close");
    must(zmq_ctx_term(context), "zmq_ctx_term");
}

static void channel_close(void)
{
    char address[300];
    for (int i = 0; i < receivers_count; i++) {
        address_of(i, address, sizeof address);
        unlink(address + sizeof "ipc://" - 1);
    }
}
