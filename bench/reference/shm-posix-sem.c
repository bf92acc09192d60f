/*
 * A bounded buffer for each way, in POSIX shared memory: places, a semaphore that counts the free ones and one that counts the
 * filled ones. A message longer than a place takes several. shm_overview(7), sem_overview(7)
 */
#include "reference.h"
#include <semaphore.h>
#include <sys/mman.h>

/* The same numbers as in BoundedBuffer.cs. A line more than a power of two: places must not all meet in the same set of the cache. */
enum { PLACES = 64, PLACE = 16384, PLACE_STRIDE = PLACE + 64 };

struct way {
    _Alignas(64) sem_t free;
    _Alignas(64) sem_t filled;
    _Alignas(4096) uint8_t places[PLACES * PLACE_STRIDE];
};

static struct way *ways, *in, *out;
static uint64_t received, sent;

static void channel_open(void)
{
    char name[64];
    snprintf(name, sizeof name, "/isthmus-reference-%d", (int)getpid());
    int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd < 0 || shm_unlink(name) != 0 || posix_fallocate(fd, 0, 2 * sizeof *ways) != 0)
        fail("shm_open");
    ways = mmap(NULL, 2 * sizeof *ways, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (ways == MAP_FAILED)
        fail("mmap");
    close(fd);
    for (int i = 0; i < 2; i++)
        if (sem_init(&ways[i].free, 1, PLACES) != 0 || sem_init(&ways[i].filled, 1, 0) != 0)
            fail("sem_init");
}

static void channel_keep(int side)
{
    out = &ways[side];
    in = &ways[1 - side];
}

static void acquire(sem_t *semaphore)
{
    while (sem_wait(semaphore) != 0)
        if (errno != EINTR)
            fail("sem_wait");
}

static void release(sem_t *semaphore)
{
    if (sem_post(semaphore) != 0)
        fail("sem_post");
}

static void channel_send(const uint8_t *message, size_t size)
{
    while (size > 0) {
        size_t part = size < PLACE ? size : PLACE;
        acquire(&out->free);
        memcpy(out->places + sent++ % PLACES * PLACE_STRIDE, message, part);
        release(&out->filled);
        message += part;
        size -= part;
    }
}

static void channel_receive(uint8_t *message, size_t size)
{
    while (size > 0) {
        size_t part = size < PLACE ? size : PLACE;
        acquire(&in->filled);
        memcpy(message, in->places + received++ % PLACES * PLACE_STRIDE, part);
        release(&in->free);
        message += part;
        size -= part;
    }
}
