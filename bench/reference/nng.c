/* nng over ipc://, a pair of sockets. The library's threads do not survive a fork, so each process opens its own end. nng_ipc(7) */
#include "reference.h"
#if !__has_include(<nng/nng.h>)
#error nng/nng.h is not installed
#endif
#include <nng/nng.h>
#include <nng/protocol/pair0/pair.h>
#include "peer-path.h"

enum { DEPTH = 128 };

static nng_socket end;
static int opener;

static void must(int result, const char *call)
{
    if (result != 0) {
        printf("error %s: %s\n", call, nng_strerror(result));
        fflush(stdout);
        _exit(1);
    }
}

static void channel_open(void) { opener = (int)getpid(); }

static void channel_keep(int side)
{
    char address[300];
    socket_address(address, sizeof address, "ipc://", opener, 0);
    must(nng_pair0_open(&end), "nng_pair0_open");
    must(nng_socket_set_int(end, NNG_OPT_SENDBUF, DEPTH), "nng_socket_set_int");
    must(nng_socket_set_int(end, NNG_OPT_RECVBUF, DEPTH), "nng_socket_set_int");
    must(nng_socket_set_size(end, NNG_OPT_RECVMAXSZ, 0), "nng_socket_set_size"); /* No limit. */
    if (side == 0)
        must(nng_listen(end, address, NULL, 0), "nng_listen");
    else /* The other process may not listen yet: it tries again behind our back. */
        must(nng_dial(end, address, NULL, NNG_FLAG_NONBLOCK), "nng_dial");
}

static void channel_send(const uint8_t *message, size_t size)
{
    must(nng_send(end, (void *)(uintptr_t)message, size, 0), "nng_send");
}

static void channel_receive(uint8_t *message, size_t size)
{
    size_t length = size;
    must(nng_recv(end, message, &length, 0), "nng_recv");
    transfer((ssize_t)length, size, "nng_recv");
}
