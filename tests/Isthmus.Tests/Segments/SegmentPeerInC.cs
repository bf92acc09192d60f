using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Segments;

/// <summary>
/// A participant written from docs/layouts/segment.md alone, in C: it attaches to the segment of a test by its path, prints its slot, and obeys the lines that
/// <see cref="OtherParticipant"/> sends.
/// </summary>
public sealed class SegmentPeerInC : IDisposable
{
    private const string Source = """
        #define _GNU_SOURCE
        #include <errno.h>
        #include <fcntl.h>
        #include <signal.h>
        #include <stdatomic.h>
        #include <stdint.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/mman.h>
        #include <sys/stat.h>
        #include <unistd.h>

        enum { HEADER = 4096, RECORD = 128, ATTACHING = 1, ATTACHED = 2, DOOR = 0 };
        enum { AT_VERSION = 8, AT_CAPACITY = 28, AT_SIZE = 48, AT_SLOTS_IN_USE = 1024, AT_ROSTER_VERSION = 1152 };
        enum { PID = 8, START_TIME = 16, PID_NAMESPACE = 24, BOOT_ID = 32, BELL = 48, WAITS = 64 };
        #define ABANDONED (1u << 28)
        #define WAITERS (3u << 30)

        static unsigned char *segment;
        static int probe, slot;
        static uint32_t capacity;

        static void fail(const char *what) { perror(what); exit(1); }

        static int set_lock(int fd, short type, off_t at)
        {
            struct flock lock = { .l_type = type, .l_whence = SEEK_SET, .l_start = at, .l_len = 1 };
            return fcntl(fd, F_OFD_SETLK, &lock);
        }

        static int is_dead(int other)
        {
            struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = HEADER + other * RECORD, .l_len = 1 };
            if (fcntl(probe, F_OFD_GETLK, &lock) != 0)
                fail("F_OFD_GETLK");
            return lock.l_type == F_UNLCK;
        }

        static uint64_t start_time(void)
        {
            char text[1024], *at;
            uint64_t ticks = 0;
            int fd = open("/proc/self/stat", O_RDONLY);
            ssize_t length = read(fd, text, sizeof text - 1);
            close(fd);
            text[length > 0 ? length : 0] = 0;
            at = strrchr(text, ')');
            for (int field = 2; field < 22 && at; field++)
                at = strchr(at + 1, ' ');
            sscanf(at ? at : "0", "%lu", &ticks);
            return ticks;
        }

        static void identity(unsigned char *record)
        {
            struct stat space;
            char text[64] = "";
            int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY), byte = 0;
            if (read(fd, text, sizeof text - 1) < 36 || stat("/proc/self/ns/pid", &space) != 0)
                fail("identity");
            close(fd);
            for (char *at = text; byte < 16; at += 2) {
                if (*at == '-')
                    at++;
                sscanf(at, "%2hhx", record + BOOT_ID + byte++);
            }
            *(uint32_t *)(record + PID) = getpid();
            *(uint64_t *)(record + START_TIME) = start_time();
            *(uint64_t *)(record + PID_NAMESPACE) = space.st_ino;
            memset(record + BELL, 0, 16);
            memset(record + WAITS, 0, 32);
        }

        static _Atomic uint64_t *state(void) { return (_Atomic uint64_t *)(segment + HEADER + capacity * RECORD); }

        static void recover(int dead)
        {
            uint64_t seen = atomic_load(state());
            while ((seen & 0xFFFF) == dead + 1u
                && !atomic_compare_exchange_strong(state(), &seen, ((seen & ~(uint64_t)(WAITERS | 0xFFFF)) + (1ull << 32)) | ABANDONED))
                ;
        }

        static void attach(const char *path)
        {
            unsigned char header[HEADER];
            char again[64];
            struct stat file;
            probe = open(path, O_RDWR | O_CLOEXEC);
            if (probe < 0 || set_lock(probe, F_RDLCK, DOOR) != 0)
                fail(path);
            if (pread(probe, header, HEADER, 0) != HEADER || memcmp(header, "ISTHMUS", 8) != 0 || *(uint32_t *)(header + AT_VERSION) != 1)
                fail("header");
            capacity = *(uint32_t *)(header + AT_CAPACITY);
            if (fstat(probe, &file) != 0 || (uint64_t)file.st_size != *(uint64_t *)(header + AT_SIZE) || capacity < 1 || capacity > 1000)
                fail("size");

            snprintf(again, sizeof again, "/proc/self/fd/%d", probe);
            int life = open(again, O_RDWR | O_CLOEXEC);
            segment = mmap(NULL, file.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, life, 0);
            if (segment == MAP_FAILED || madvise(segment, file.st_size, MADV_DONTFORK) != 0)
                fail("mmap");
            while (set_lock(life, F_WRLCK, HEADER + slot * RECORD) != 0)
                if (++slot == (int)capacity)
                    fail("all slots are taken");
            close(life);

            unsigned char *record = segment + HEADER + slot * RECORD;
            _Atomic uint64_t *word = (_Atomic uint64_t *)record, *used = (_Atomic uint64_t *)(segment + AT_SLOTS_IN_USE);
            uint64_t former = atomic_load(word), generation = (former >> 32) + 1, seen;
            if (former != 0)
                recover(slot);
            atomic_store(word, generation << 32 | ATTACHING);
            identity(record);
            atomic_store(word, generation << 32 | ATTACHED);
            for (seen = atomic_load(used); seen < slot + 1u && !atomic_compare_exchange_strong(used, &seen, slot + 1u);)
                ;
            atomic_fetch_add((_Atomic uint64_t *)(segment + AT_ROSTER_VERSION), 1);
            set_lock(probe, F_UNLCK, DOOR);
        }

        static const char *enter(void)
        {
            uint64_t seen = atomic_load(state());
            do {
                if ((seen & 0xFFFF) != 0)
                    return "Busy";
            } while (!atomic_compare_exchange_strong(state(), &seen, (seen + (1ull << 32)) | (slot + 1u)));
            return seen & ABANDONED ? "Abandoned" : "Entered";
        }

        static const char *leave(void)
        {
            uint64_t seen = atomic_load(state());
            if ((seen & 0xFFFF) != slot + 1u)
                return "False";
            while (!atomic_compare_exchange_strong(state(), &seen, seen & ~(uint64_t)(WAITERS | 0xFFFF)))
                ;
            return "True";
        }

        static const char *own_identity(char *text)
        {
            unsigned char *record = segment + HEADER + slot * RECORD;
            int end = sprintf(text, "%u.%lu.%lu.", *(uint32_t *)(record + PID), *(uint64_t *)(record + START_TIME), *(uint64_t *)(record + PID_NAMESPACE));
            for (int byte = 0; byte < 16; byte++)
                end += sprintf(text + end, "%02x", record[BOOT_ID + byte]);
            return text;
        }

        // A child that neither leaves nor becomes another program.
        static const char *forked(char *text)
        {
            pid_t child = fork();
            if (child == 0)
                for (;;)
                    pause();
            sprintf(text, "%d", child);
            return text;
        }

        int main(int argc, char **argv)
        {
            char line[256], text[256];
            setvbuf(stdout, NULL, _IOLBF, 0);
            attach(argv[1]);
            if (argc > 2)
                return 0;
            printf("%d\n", slot);
            while (fgets(line, sizeof line, stdin)) {
                line[strcspn(line, "\n")] = 0;
                if (strcmp(line, "enter") == 0)
                    puts(enter());
                else if (strcmp(line, "exit") == 0)
                    puts(leave());
                else if (strncmp(line, "dead ", 5) == 0)
                    puts(is_dead(atoi(line + 5)) ? "True" : "False");
                else if (strcmp(line, "identity") == 0)
                    puts(own_identity(text));
                else if (strcmp(line, "fork") == 0)
                    puts(forked(text));
            }
            return 0;
        }
        """;

    private readonly TemporaryDirectory _directory = new();
    private readonly Lazy<string> _program;

    public SegmentPeerInC() => _program = new Lazy<string>(Compile);

    /// <summary>The program; tests that need it are skipped where there is no compiler.</summary>
    public string Path => _program.Value;

    public void Dispose() => _directory.Dispose();

    private string Compile()
    {
        File.WriteAllText(_directory["peer.c"], Source);
        (string output, int exitCode) = Peer.Run("gcc", ["-O2", "-Wall", "-Werror", "-o", _directory["peer"], _directory["peer.c"]]);
        Assert.Equal(("", 0), (output, exitCode));
        return _directory["peer"];
    }
}
