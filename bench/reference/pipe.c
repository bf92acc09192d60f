/* Two pipes, one for each way. pipe(7) */
#include "reference.h"

static int there[2], back[2], in, out;

static void channel_open(void)
{
    if (pipe2(there, O_CLOEXEC) != 0 || pipe2(back, O_CLOEXEC) != 0)
        fail("pipe2");
}

static void channel_keep(int side)
{
    in = side == 0 ? back[0] : there[0];
    out = side == 0 ? there[1] : back[1];
    close(side == 0 ? back[1] : there[1]);
    close(side == 0 ? there[0] : back[0]);
}

static void channel_send(const uint8_t *message, size_t size)
{
    while (size > 0) {
        ssize_t done = write(out, message, size);
        if (done <= 0)
            fail("write");
        message += done;
        size -= (size_t)done;
    }
}

static void channel_receive(uint8_t *message, size_t size)
{
    while (size > 0) {
        ssize_t done = read(in, message, size);
        if (done <= 0)
            fail("read");
        message += done;
        size -= (size_t)done;
    }
}
