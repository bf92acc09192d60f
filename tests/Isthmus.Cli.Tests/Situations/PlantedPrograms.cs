namespace Isthmus.Cli.Tests.Situations;

/// <summary>
/// What is planted, in three languages. Each program gets a directory and a name that is free for queues and the like; it says line by line what it has planted
/// (<see cref="Situation"/>), then <c>ready</c>; at SIGTERM it removes what would stay.
/// </summary>
internal static class PlantedPrograms
{
    public const string Python = """
        directory, name = sys.argv[1:3]
        me = os.getpid()
        def line(*words): say(*[str(word).replace(" ", "_") for word in words])
        def held(what, kind, fd="-", relation="open", access="-", label="-"): line("hold", what, kind, me, fd, relation, access, label)
        def waits(what, pid, wait, kind, end="-", culprit="-", cycle=()): line("wait", what, pid, wait, kind, end, culprit, ",".join(map(str, cycle)) or "-")
        r, w = os.pipe(); held("pipe, reading end", "pipe", r, access="r"); held("pipe, writing end", "pipe", w, access="w")
        os.mkfifo(directory + "/fifo"); fifo = os.open(directory + "/fifo", os.O_RDWR); held("FIFO", "fifo", fifo, access="rw", label=directory + "/fifo")
        ul = socket.socket(socket.AF_UNIX); ul.bind(directory + "/stream"); ul.listen(7)
        held("listener with a path", "unix", ul.fileno(), "listens", label=directory + "/stream")
        uc = socket.socket(socket.AF_UNIX); uc.connect(directory + "/stream"); held("stream, connected", "unix", uc.fileno()); ua, _ = ul.accept()
        ab = socket.socket(socket.AF_UNIX); ab.bind("\0isthmus-" + name[1:]); held("abstract socket", "unix", ab.fileno(), label="@isthmus-" + name[1:])
        q1, q2 = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET); held("sequenced packets", "unix", q1.fileno())
        tl = socket.create_server(("127.0.0.1", 0)); held("listener of TCP", "tcp", tl.fileno(), "listens", label="127.0.0.1:%d" % tl.getsockname()[1])
        tc = socket.create_connection(tl.getsockname()); ta, _ = tl.accept()
        held("TCP connection", "tcp", tc.fileno(), label="127.0.0.1:%d" % tc.getsockname()[1])
        t6 = socket.create_server(("::1", 0), family=socket.AF_INET6)
        held("listener of TCP over IPv6", "tcp", t6.fileno(), "listens", label="[::1]:%d" % t6.getsockname()[1])
        ud = socket.socket(type=socket.SOCK_DGRAM)
        ud.bind(("127.0.0.1", 0)); held("UDP socket", "udp", ud.fileno(), label="127.0.0.1:%d" % ud.getsockname()[1])
        rt = ctypes.CDLL("librt.so.1")
        mq = rt.mq_open(name.encode(), os.O_RDWR | os.O_CREAT, 0o600, None); held("POSIX queue", "posix-mq", mq, label=name)
        sh = os.open("/dev/shm" + name, os.O_RDWR | os.O_CREAT, 0o600); os.ftruncate(sh, 8192); shm = mmap.mmap(sh, 8192)
        held("shared memory, mapped", "posix-shm", relation="maps", access="rw", label=name)
        mf = os.memfd_create("situation"); held("memfd", "memfd", mf, label="situation")
        fd = os.open(directory + "/file", os.O_RDWR | os.O_CREAT, 0o640); os.ftruncate(fd, 4096); mapped = mmap.mmap(fd, 4096)
        held("file mapped by two", "file", relation="maps", access="rw", label=directory + "/file")
        gone = os.open(directory + "/gone", os.O_RDWR | os.O_CREAT); os.unlink(directory + "/gone")
        held("file that was deleted", "file", gone, label=directory + "/gone")
        master, slave = os.openpty(); held("pseudoterminal", "pty", slave, label=os.ttyname(slave))
        ef = libc.eventfd(5, 0); held("eventfd", "eventfd", ef)
        mask = (ctypes.c_ulong * 16)(); mask[0] = 1 << 9; held("signalfd", "signalfd", libc.signalfd(-1, mask, 0), label="SIGUSR1")
        held("timerfd", "timerfd", libc.timerfd_create(1, 0))
        ep = select.epoll(); ep.register(r, select.EPOLLIN); held("epoll set", "epoll", ep.fileno())
        no = libc.inotify_init(); libc.inotify_add_watch(no, directory.encode(), 2); held("inotify", "inotify", no)
        held("descriptor of a process", "pidfd", os.pidfd_open(os.getppid()))
        que = libc.msgget(0, 0o1600); sem = libc.semget(0, 3, 0o1600)
        line("hold", "System V queue", "sysv-mq", me, "-", "-", "-", "id=%d" % que)
        line("hold", "System V semaphores", "sysv-semaphore-set", me, "-", "-", "-", "id=%d" % sem)
        def create(which): return os.open(directory + "/" + which, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(create("shared"), fcntl.LOCK_SH); held("flock, shared", "lock", relation="holds", label=directory + "/shared")
        fcntl.lockf(create("posix"), fcntl.LOCK_EX, 10, 5); held("POSIX lock on a range", "lock", relation="holds", label=directory + "/posix")
        def ofd(file, command, start, length): fcntl.fcntl(file, command, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, start, length, 0))
        ofd(create("ofd"), 37, 100, 50); held("OFD lock on a range", "lock", relation="holds", label=directory + "/ofd")
        lease = os.open(directory + "/lease", os.O_RDONLY | os.O_CREAT, 0o600); fcntl.fcntl(lease, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        held("lease", "lock", relation="holds", label=directory + "/lease")
        # Nothing of the above is to be theirs, too.
        def alone(keep, body):
            def child():
                ends = sorted({1, *keep})
                for low, high in zip([-1, *ends], [*ends, 4096]): os.closerange(low + 1, high)
                body()
            return fork(child)
        def second():
            own = os.open(directory + "/file", os.O_RDWR); again = mmap.mmap(own, 4096); os.write(done[1], b"x"); hold()
        done = os.pipe(); alone([done[1]], second); os.read(done[0], 1)
        a, b = os.pipe(); waits("waits to read a pipe", alone([a], lambda: os.read(a, 1)), "read", "pipe", "outside", me); os.close(a)
        c, d = os.pipe()
        def fill():
            while True: os.write(d, b"x" * 65536)
        waits("waits for room in a pipe", alone([d], fill), "write", "pipe", "outside", me); os.close(d)
        def accept(): socket.create_server(("127.0.0.1", 0)).accept()
        taker = alone([], accept); waits("waits for a connection", taker, "accept", "tcp", "outside", taker)
        def locks(count, lock, word):
            ready, go = os.pipe(), os.pipe()
            def body(index):
                def path(which): return directory + "/%s-%d-%d" % (word, count, which % count)
                own = open(path(index), "w"); lock(own)
                os.write(ready[1], b"x"); os.read(go[0], 1)
                other = open(path(index + 1), "w"); lock(other)
            ids = [alone([ready[1], go[0]], lambda index=index: body(index)) for index in range(count)]
            for _ in ids: os.read(ready[0], 1)
            os.write(go[1], b"x" * count)
            for end in (*ready, *go): os.close(end)
            return ids
        def flock(file): fcntl.flock(file, fcntl.LOCK_EX)
        def ring(count):
            pipes = [os.pipe() for _ in range(count)]
            def reader(each): return alone([pipes[each][0], pipes[(each + 1) % count][1]], lambda: os.read(pipes[each][0], 1))
            ids = [reader(each) for each in range(count)]
            for pair in pipes: os.close(pair[0]); os.close(pair[1])
            return ids
        for what, wait, kind, ids in (
            ("deadlock of two over flocks", "file_lock", "lock", locks(2, flock, "flock")),
            ("deadlock of three over flocks", "file_lock", "lock", locks(3, flock, "flock")),
            ("deadlock of two over OFD locks", "file_lock", "lock", locks(2, lambda file: ofd(file, 38, 0, 0), "ofd")),
            ("deadlock of two over pipes", "read", "pipe", ring(2)), ("deadlock of three over pipes", "read", "pipe", ring(3))):
            waits(what, ids[0], wait, kind, "deadlock", cycle=ids)
        def end(*_):
            rt.mq_unlink(name.encode()); os.unlink("/dev/shm" + name); libc.msgctl(que, 0, None); libc.semctl(sem, 0, 0)
            say("gone"); os._exit(0)
        signal.signal(signal.SIGTERM, end)
        say("ready"); hold()
        """;

    public const string C = """
        #define _GNU_SOURCE
        #include <arpa/inet.h>
        #include <fcntl.h>
        #include <mqueue.h>
        #include <pthread.h>
        #include <semaphore.h>
        #include <signal.h>
        #include <stdio.h>
        #include <string.h>
        #include <stdlib.h>
        #include <sys/mman.h>
        #include <sys/msg.h>
        #include <sys/sem.h>
        #include <sys/shm.h>
        #include <sys/socket.h>
        #include <sys/un.h>
        #include <unistd.h>
        static const char *directory, *name;
        static int queue, set, segment;
        static char path[300];
        static const char *in(const char *file) { snprintf(path, sizeof path, "%s/%s", directory, file); return path; }
        static void held(const char *what, const char *kind, int pid, int fd, const char *relation, const char *label) {
            char number[16] = "-";
            if (fd >= 0) snprintf(number, sizeof number, "%d", fd);
            printf("hold %s %s %d %s %s - %s\n", what, kind, pid, number, relation, label);
        }
        static void waits(const char *what, int pid, const char *wait, const char *kind, const char *end, int culprit) {
            char number[16] = "-";
            if (culprit) snprintf(number, sizeof number, "%d", culprit);
            printf("wait %s %d %s %s %s %s -\n", what, pid, wait, kind, end, number);
        }
        static void end(int signal) {
            (void)signal;
            mq_unlink(name); sem_unlink(name); msgctl(queue, IPC_RMID, 0); semctl(set, 0, IPC_RMID); shmctl(segment, IPC_RMID, 0);
            if (write(1, "gone\n", 5) == 5) _exit(0);
            _exit(1);
        }
        int main(int argc, char **argv) {
            (void)argc;
            directory = argv[1]; name = argv[2];
            int me = getpid();
            printf("ready\n"); fflush(stdout);
            int pair[2];
            if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair)) return 1;
            fflush(stdout);
            int child = fork();
            if (!child) { close(pair[0]); for (;;) pause(); }
            close(pair[1]);
            held("pair_of_sockets,_the_parent's_end", "unix", me, pair[0], "open", "-");
            held("pair_of_sockets,_the_child's_end", "unix", child, pair[1], "open", "-");
            struct sockaddr_un here = { .sun_family = AF_UNIX };
            strcpy(here.sun_path, in("datagrams"));
            int datagrams = socket(AF_UNIX, SOCK_DGRAM, 0);
            if (bind(datagrams, (struct sockaddr *)&here, sizeof here)) return 2;
            held("datagram_socket_with_a_path", "unix", me, datagrams, "open", path);
            struct sockaddr_in there = { .sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
            int udp = socket(AF_INET, SOCK_DGRAM, 0);
            if (connect(udp, (struct sockaddr *)&there, sizeof there)) return 3;
            held("connected_UDP_socket", "udp", me, udp, "open", "-");
            segment = shmget(IPC_PRIVATE, 4096, 0600);
            if (shmat(segment, 0, 0) == (void *)-1 || shmat(segment, 0, SHM_RDONLY) == (void *)-1) return 4;
            char id[32];
            snprintf(id, sizeof id, "id=%d", segment);
            held("segment_attached_twice", "sysv-shm", me, -1, "maps", id);
            char other[100];
            snprintf(other, sizeof other, "%s-c", name);
            int memory = shm_open(other, O_RDWR | O_CREAT | O_EXCL, 0600);
            if (memory < 0 || ftruncate(memory, 4096) || mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0) == MAP_FAILED) return 5;
            shm_unlink(other);
            held("shared_memory_that_was_unlinked", "posix-shm", me, memory, "open", other);
            mqd_t messages = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, 0);
            if (messages < 0) return 6;
            queue = msgget(IPC_PRIVATE, 0600); set = semget(IPC_PRIVATE, 1, 0600);
            sem_t *semaphore = sem_open(name, O_CREAT | O_EXCL, 0600, 0);
            int file = open(in("c-posix"), O_RDWR | O_CREAT, 0600);
            struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
            if (fcntl(file, F_SETLK, &whole)) return 7;
            pthread_mutex_t *mutex = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
            pthread_mutexattr_t shared;
            pthread_mutexattr_init(&shared);
            pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
            pthread_mutexattr_setrobust(&shared, PTHREAD_MUTEX_ROBUST);
            pthread_mutex_init(mutex, &shared);
            pthread_mutex_lock(mutex);
            static char message[100000];
            for (int which = 0; which < 6; which++) {
                fflush(stdout);
                child = fork();
                if (!child) {
                    signal(SIGTERM, SIG_DFL);
                    switch (which) {
                    case 0: mq_receive(messages, message, sizeof message, 0); break;
                    case 1: msgrcv(queue, message, sizeof message - 8, 0, 0); break;
                    case 2: semop(set, &(struct sembuf){ 0, -1, 0 }, 1); break;
                    case 3: sem_wait(semaphore); break;
                    case 4: fcntl(file, F_SETLKW, &whole); break;
                    case 5: pthread_mutex_lock(mutex); break;
                    }
                    for (;;) pause();
                }
                switch (which) {
                case 0: waits("waits_for_a_message_of_a_POSIX_queue", child, "receive", "posix-mq", "-", 0); break;
                case 1: waits("waits_for_a_message_of_a_System_V_queue", child, "receive", "sysv-mq", "outside", child); break;
                case 2: waits("waits_for_a_System_V_semaphore", child, "semaphore", "sysv-semaphore-set", "outside", child); break;
                case 3: waits("waits_for_a_named_semaphore", child, "-", "posix-semaphore", "-", 0); break;
                case 4: waits("waits_for_a_POSIX_lock", child, "file_lock", "lock", "outside", me); break;
                case 5: waits("waits_for_a_robust_mutex_in_shared_memory", child, "mutex", "-", "outside", me); break;
                }
            }
            signal(SIGTERM, end);
            printf("ready\n"); fflush(stdout);
            for (;;) pause();
        }
        """;

    public const string Shell = """
        cd "$1"
        is_there() { until [ -s "$1" ]; do sleep 0.01; done; cat "$1"; }
        { echo $BASHPID >writer; exec sleep 100000; } | { echo $BASHPID >reader; exec cat >/dev/null; } &
        writer=$(is_there writer) reader=$(is_there reader)
        echo "hold pipeline,_who_writes pipe $writer 1 open w -"
        echo "hold pipeline,_who_reads pipe $reader 0 open r -"
        echo "wait waits_in_a_pipeline $reader read pipe sleeps $writer -"
        exec 9>sh-gone; rm sh-gone
        echo "hold file_that_was_deleted file $$ 9 open w $PWD/sh-gone"
        # flock locks, and ends: the lock is that of the descriptor, which nobody else is to have.
        exec 8>sh-lock; flock 8
        echo "hold flock_whose_acquirer_is_gone lock $$ - holds - $PWD/sh-lock"
        flock sh-lock true 8>&- 9>&- &
        echo "wait waits_for_a_flock $! file_lock lock sleeps $$ -"
        bash -c 'exec 7>sh-stopped; flock 7; echo $$ >holder; kill -STOP $$' 8>&- 9>&- &
        holder=$(is_there holder)
        echo "hold stopped_holder_of_a_lock lock $holder - holds - $PWD/sh-stopped"
        flock sh-stopped true 8>&- 9>&- &
        echo "wait waits_for_somebody_who_is_stopped $! file_lock lock stopped $holder -"
        mkfifo sh-fifo
        (exec cat <sh-fifo) 8>&- 9>&- &
        echo "wait waits_for_somebody_to_open_a_FIFO $! open_fifo fifo outside $! -"
        echo ready
        exec sleep 100000
        """;
}
