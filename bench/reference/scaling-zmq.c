/* ZeroMQ over ipc:// with several senders and receivers: each receiver's PULL socket is bound, each sender's PUSH socket deals to all of them. */
#include "scaling.h"
#if !__has_include(<zmq.h>)
#error zmq.h is not installed
#endif
#include <zmq.h>
#include "peer-path.h"

static void *context, *queue;
static int opener, round_number;

static void must(int result, const char *call)
{
    if (result < 0)
        fail(call);
}

static void channel_open(int senders, int receivers, size_t size)
{
    (void)senders;
    (void)receivers;
    (void)size;
    opener = (int)getpid();
    round_number++;
}

static void channel_join(int sends, int index, int senders, int receivers)
{
    char address[300];
    int silence = 2, patience = 1;
    (void)senders;
    context = zmq_ctx_new();
    if (context == NULL || (queue = zmq_socket(context, sends ? ZMQ_PUSH : ZMQ_PULL)) == NULL)
        fail("zmq_socket");
    must(zmq_setsockopt(queue, ZMQ_RCVTIMEO, &silence, sizeof silence), "zmq_setsockopt");
    must(zmq_setsockopt(queue, ZMQ_RECONNECT_IVL, &patience, sizeof patience), "zmq_setsockopt"); /* Receivers may bind later. */
    for (int i = sends ? 0 : index; i < (sends ? receivers : index + 1); i++) {
        socket_address(address, sizeof address, "ipc://", opener, round_number * PROCESSES_MAX + i);
        must(sends ? zmq_connect(queue, address) : zmq_bind(queue, address), "zmq_bind");
    }
}

static void channel_send(const uint8_t *message, size_t size)
{
    if (zmq_send(queue, message, size, 0) != (int)size)
        fail("zmq_send");
}

static int channel_try_receive(uint8_t *message, size_t size)
{
    int length = zmq_recv(queue, message, size, 0);
    if (length < 0 && errno != EAGAIN && errno != EINTR)
        fail("zmq_recv");
    return length == (int)size;
}

/* Waits until all is sent. */
static void channel_leave(void)
{
    must(zmq_close(queue), "zmq_close");
    must(zmq_ctx_term(context), "zmq_ctx_term");
}

static void channel_close(void) { }
