using System.Diagnostics;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.MessageQueues;

/// <summary>The other side is C with libc's own calls.</summary>
public sealed class PosixMessageQueueInteropTests : IDisposable
{
    private const int Exchanges = 1000;

    // "echo IN OUT": opens our queue, makes its own, and sends back what comes, with its priority, until an empty message.
    // "notify IN": has itself notified by a signal.
    private const string Source = """
        #include <mqueue.h>
        #include <signal.h>
        #include <stdio.h>
        #include <string.h>
        #include <unistd.h>
        static int echo(const char *in, const char *out) {
            struct mq_attr size = { .mq_maxmsg = 4, .mq_msgsize = 64 };
            mqd_t from = mq_open(in, O_RDONLY), to = mq_open(out, O_WRONLY | O_CREAT | O_EXCL, 0600, &size);
            if (from < 0 || to < 0) return 1;
            puts("ready"); fflush(stdout);
            for (;;) {
                char text[64];
                unsigned priority;
                ssize_t length = mq_receive(from, text, sizeof text, &priority);
                if (length < 0 || mq_send(to, text, length, priority)) return 2;
                if (length == 0) return 0;
            }
        }
        static int notify(const char *in) {
            mqd_t queue = mq_open(in, O_RDONLY);
            sigset_t usr1;
            sigemptyset(&usr1);
            sigaddset(&usr1, SIGUSR1);
            sigprocmask(SIG_BLOCK, &usr1, NULL);
            struct sigevent by = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
            if (queue < 0 || mq_notify(queue, &by)) return 1;
            puts("ready"); fflush(stdout);
            siginfo_t info;
            if (sigwaitinfo(&usr1, &info) != SIGUSR1 || info.si_code != SI_MESGQ) return 2;
            puts("notified"); fflush(stdout);
            return 0;
        }
        int main(int argc, char **argv) { return argc > 3 ? echo(argv[2], argv[3]) : notify(argv[2]); }
        """;

    private readonly TemporaryDirectory _directory = new();
    private readonly QueueName _there = new();
    private readonly QueueName _back = new();

    public void Dispose()
    {
        _there.Dispose();
        _back.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task C_echoes_every_byte_and_priority()
    {
        using PosixMessageQueue there = SmallQueue.Create(_there);
        using Process peer = Start("echo", _there, _back);
        using PosixMessageQueue back = PosixMessageQueue.Open(_back);
        Random random = new(1);
        byte[] sent = new byte[SmallQueue.Size];
        byte[] received = new byte[SmallQueue.Size];
        for (int i = 0; i <= Exchanges; i++)
        {
            Span<byte> message = sent.AsSpan(0, i < Exchanges ? 1 + random.Next(SmallQueue.Size) : 0);
            random.NextBytes(message);
            int priority = random.Next(PosixMessageQueue.PriorityMax + 1);
            there.Send(message, priority);
            Assert.True(back.TryReceive(received, Child.Limit, out PosixMessage echo));
            Assert.Equal(new PosixMessage(message.Length, priority), echo);
            Assert.True(received.AsSpan(0, message.Length).SequenceEqual(message));
        }
        await peer.WaitForExitAsync(TestContext.Current.CancellationToken).OrHang();
        Assert.Equal(0, peer.ExitCode);
    }

    [Fact]
    public async Task C_and_this_library_share_the_one_notification()
    {
        using PosixMessageQueue queue = SmallQueue.Create(_there);
        using Process peer = Start("notify", _there);
        Assert.Equal(peer.Id, queue.Stat().NotifiedProcessId);
        Assert.Equal(Errno.EBUSY, (await Assert.ThrowsAsync<PosixException>(() => queue.WaitForNotificationAsync())).Errno);
        queue.Send("x"u8);
        Assert.Equal("notified", await peer.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).OrHang());
        await peer.WaitForExitAsync(TestContext.Current.CancellationToken).OrHang();
        Assert.Equal(0, peer.ExitCode);
    }

    private Process Start(params string[] args)
    {
        string program = _directory["peer"];
        Assert.Equal(("", 0), Peer.Run("gcc", ["-Wall", "-Werror", "-O1", "-x", "c", "-", "-o", program, "-lrt"], Source));
        Process peer = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardOutput = true })!;
        Assert.Equal("ready", peer.StandardOutput.ReadLine());
        return peer;
    }
}
