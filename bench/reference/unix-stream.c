/* One connected pair of Unix stream sockets. unix(7) */
#include "reference.h"

static int pair[2], end;

static void channel_open(void)
{
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        fail("socketpair");
}

static void channel_keep(int side)
{
    end = pair[side];
    close(pair[1 - side]);
}

static void channel_send(const uint8_t *message, size_t size)
{
    while (size > 0) {
        ssize_t done = send(end, message, size, MSG_NOSIGNAL);
        if (done <= 0)
            fail("send");
        message += done;
        size -= (size_t)done;
    }
}

static void channel_receive(uint8_t *message, size_t size)
{
    while (size > 0) {
        ssize_t done = recv(end, message, size, 0);
        if (done <= 0)
            fail("recv");
        message += done;
        size -= (size_t)done;
    }
}
