using System.Globalization;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Channels;

/// <summary>A server in another process is stopped, not killed: nobody recovers what it has, and the others do without it.</summary>
public sealed class RequestStoppedTests
{
    private const int Others = 2, Calls = 20;

    [Fact]
    public async Task Server_that_is_stopped_when_a_wake_has_chosen_it_delays_no_later_call()
    {
        using TemporaryName name = new();
        using ReplyServer server = ReplyServer.Create(name);
        using RequestClient client = RequestClient.Open(name);
        using Child chosen = Child.Start(ServeBehindOthers, name);
        Assert.Equal("serves", chosen.ReadLine());
        await Eventually.IsTrue(() => SomebodySleeps(server) && Chosen.Sleeps(chosen));
        // It sleeps longest, so the kernel chooses it.
        using Servers others = new(server);
        Task<CallResult>? first = null;
        Chosen.WakeAndStop(chosen, () => first = client.CallAsync(new byte[8], new byte[8]).AsTask());
        CallAll(client);
        // All cells are looked at: that call, too, unless the stopped one had taken it already.
        await Finish(chosen, first!);
    }

    [Fact]
    public async Task Server_that_is_stopped_in_its_sleep_delays_no_call()
    {
        using TemporaryName name = new();
        using ReplyServer server = ReplyServer.Create(name);
        using RequestClient client = RequestClient.Open(name);
        using Child stopped = Child.Start(ServeBehindOthers, name);
        Assert.Equal("serves", stopped.ReadLine());
        await Eventually.IsTrue(() => SomebodySleeps(server) && Chosen.Sleeps(stopped));
        using Servers others = new(server);
        stopped.Pause();
        CallAll(client);
        await Finish(stopped, Task.CompletedTask);
    }

    private static bool SomebodySleeps(ReplyServer server) => WaiterFlags.Of(server.Place.Load(RequestWaitWord.Servers)) == Waiters.Sleepers;

    // With a pause between them, in which the others fall asleep again, or without.
    private static void CallAll(RequestClient client)
    {
        for (int call = 0; call < Calls; call++)
        {
            using CallReply reply = client.Call(BitConverter.GetBytes(call));
            Assert.Equal(call, BitConverter.ToInt32(reply.Span));
            Thread.SpinWait(call % 4 * 1000);
        }
    }

    private static async Task Finish(Child stopped, Task first)
    {
        using ProcessHandle process = ProcessHandle.Open(stopped.Id);
        process.Send(Signal.SIGCONT);
        await first.OrHang();
        stopped.WriteLine("end");
        Assert.InRange(int.Parse(stopped.ReadLine(), CultureInfo.InvariantCulture), 0, 1);
        Assert.Equal(0, stopped.WaitForExit());
    }

    private static void ServeBehindOthers(string[] args)
    {
        using ReplyServer server = ReplyServer.Open(args[0]);
        _ = Task.Run(() => { Console.ReadLine(); server.Dispose(); });
        Console.WriteLine("serves");
        Console.WriteLine(Serve(server));
    }

    private static int Serve(ReplyServer server)
    {
        int served = 0;
        try
        {
            while (true)
            {
                ReceivedRequest request = server.Receive();
                request.Reply(request.Span);
                served++;
            }
        }
        catch (ObjectDisposedException)
        {
            return served;
        }
    }

    /// <summary>Threads of this process that serve, and sleep when it begins.</summary>
    private sealed class Servers(ReplyServer server) : IDisposable
    {
        private readonly Blocked[] _threads = [.. Enumerable.Range(0, Others).Select(_ => Blocked.In(() => Serve(server)))];

        public void Dispose()
        {
            server.Dispose();
            Array.ForEach(_threads, static thread => thread.Join());
        }
    }
}
