using System.Collections.Concurrent;

namespace Isthmus.Cli.Bench;

/// <summary>
/// The other process: the tool itself, started again. It joins the mechanisms that it is offered and does the work it is
/// told. One thread works; the main thread only reads orders, so that it sees at once when the tool is gone and ends the process,
/// whatever the working thread waits for.
/// </summary>
internal sealed class PeerProgram(ControlChannel control, PeerFault fault) : IDisposable
{
    /// <summary>The descriptor that the control channel is inherited as.</summary>
    public const int ControlDescriptor = 3;

    private readonly BlockingCollection<PeerOrder> _orders = [];
    private readonly Dictionary<int, Connection> _connections = [];

    /// <summary>Where received messages are kept until they are compared.</summary>
    public byte[] Ring { get; } = new byte[Messages.RingBytesMax];

    public static int Run(PeerFault fault)
    {
        using UnixSocket socket = UnixSocket.FromHandle(InheritedHandle.Take(ControlDescriptor));
        using ControlChannel control = new(socket);
        using PeerProgram peer = new(control, fault);
        Thread worker = new(peer.Work) { IsBackground = true, Name = "bench-peer" };
        worker.Start();
        try
        {
            while (control.Receive() is (string line, IReadOnlyList<SafeFileHandle> handles))
            {
                peer._orders.Add(PeerOrder.Parse(line, handles));
            }
        }
        catch (PosixException)
        {
            // The tool went before it had read all answers: an end like any other.
        }
        return ExitCode.Done;
    }

    /// <summary>The memory of the side that sends first.</summary>
    public Lazy<Workspace> Workspace { get; } = new();

    public Connection Connection(int key) => _connections[key];

    public void Add(int key, Connection connection) => _connections.Add(key, connection);

    /// <summary>Waits for an order that belongs to the work at hand.</summary>
    public void Take(string verb) => Expect(verb, _orders.Take());

    /// <summary>Takes an order that belongs to the work at hand, if it is there.</summary>
    public bool TryTake(string verb)
    {
        if (!_orders.TryTake(out PeerOrder? order))
        {
            return false;
        }
        Expect(verb, order);
        return true;
    }

    public void Answer(params ReadOnlySpan<object> words) => control.Send(PeerOrder.Format("ok", words));

    public void Answer(IReadOnlyList<SafeFileHandle> handles, params ReadOnlySpan<object> words) => control.Send(PeerOrder.Format("ok", words), handles);

    public void Dispose() => _orders.Dispose();

    private static void Expect(string verb, PeerOrder order)
    {
        if (order.Verb != verb)
        {
            throw new InvalidOperationException($"The order was '{order.Verb}' and should be '{verb}'.");
        }
    }

    private void Work()
    {
        foreach (PeerOrder order in _orders.GetConsumingEnumerable())
        {
            try
            {
                Obey(order);
            }
#pragma warning disable CA1031 // Whatever went wrong, the tool tells it.
            catch (Exception error)
#pragma warning restore CA1031
            {
                TryAnswer(PeerOrder.Format("error", error.Message.ReplaceLineEndings(" ")));
            }
        }
    }

    private void TryAnswer(string line)
    {
        try
        {
            control.Send(line);
        }
        catch (PosixException)
        {
            // Nobody is there to be told; the main thread sees that, too, and ends the process.
        }
    }

    private void Obey(PeerOrder order)
    {
        switch (order.Verb)
        {
            case "join":
                Connection connection = BenchCatalog.Mechanism(order.Words[1]).Join(order.Words[2], order.Handles);
                _connections.Add(order.Int(0), fault == PeerFault.None ? connection : new FaultyConnection(connection, fault));
                Answer();
                break;
            case "leave":
                _connections.Remove(order.Int(0), out Connection? left);
                left?.Dispose();
                Answer();
                break;
            default:
                BenchCatalog.Role(order.Verb)(this, order);
                break;
        }
    }
}

/// <summary>What a test asks the peer to do wrong.</summary>
internal enum PeerFault
{
    None,

    /// <summary>Changes a byte now and then.</summary>
    WrongByte,

    /// <summary>Dies in the middle of the work.</summary>
    Death,
}
