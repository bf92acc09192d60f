/*
 * ZeroMQ over ipc://, a PUSH and a PULL socket for each way: how the library's own programs measure throughput. A context does not survive a
 * fork, so each process makes its own. zmq_ipc(7)
 */
#include "reference.h"
#if !__has_include(<zmq.h>)
#error zmq.h is not installed
#endif
#include <zmq.h>
#include "peer-path.h"

static void *in, *out;
static int opener;

static void must(int result, const char *call)
{
    if (result < 0)
        fail(call);
}

static void channel_open(void) { opener = (int)getpid(); }

static void channel_keep(int side)
{
    char address[300];
    void *context = zmq_ctx_new();
    if (context == NULL || (in = zmq_socket(context, ZMQ_PULL)) == NULL || (out = zmq_socket(context, ZMQ_PUSH)) == NULL)
        fail("zmq_socket");
    socket_address(address, sizeof address, "ipc://", opener, side);
    must(zmq_bind(in, address), "zmq_bind");
    socket_address(address, sizeof address, "ipc://", opener, 1 - side);
    must(zmq_connect(out, address), "zmq_connect");
}

static void channel_send(const uint8_t *message, size_t size)
{
    transfer(zmq_send(out, message, size, 0), size, "zmq_send");
}

static void channel_receive(uint8_t *message, size_t size)
{
    transfer(zmq_recv(in, message, size, 0), size, "zmq_recv");
}
