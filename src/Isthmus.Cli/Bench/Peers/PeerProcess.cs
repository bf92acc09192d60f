using System.Runtime.InteropServices;

namespace Isthmus.Cli.Bench;

/// <summary>
/// The tool's view of its peer process. One peer serves a whole run: its code is compiled and warm after the first seconds, which
/// a new process for each row would never be.
/// </summary>
internal sealed class PeerProcess : IDisposable
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);

    private readonly ChildProcess _process;
    private readonly ControlChannel _control;
    private int _lastKey;

    private PeerProcess(ChildProcess process, ControlChannel control)
    {
        _process = process;
        _control = control;
    }

    /// <param name="fault">What it does wrong.</param>
    /// <param name="cpus">How many CPUs its runtime believes to have; with one, it never spins for another thread. Null: as many as there are.</param>
    public static PeerProcess Start(PeerFault fault, int? cpus = null)
    {
        (UnixSocket ours, UnixSocket theirs) = UnixSocket.CreatePair(System.Net.Sockets.SocketType.Seqpacket);
        using (theirs)
        {
            (string fileName, string[] first) = Tool();
            ChildProcess process = ChildProcess.Start(new ChildProcessOptions
            {
                FileName = fileName,
                Arguments = [.. first, Commands.BenchPeerCommand.Name, fault.ToString()],
                Descriptors = new Dictionary<int, SafeHandle> { [PeerProgram.ControlDescriptor] = theirs.Handle },
                Environment = cpus is int count ? new Dictionary<string, string?> { ["DOTNET_PROCESSOR_COUNT"] = $"{count}" } : [],
                StandardInput = StandardStream.Null,
                Group = ChildGroup.New, // Ctrl+C is for the tool. However that ends, the peer sees the end of its channel.
            });
            return new PeerProcess(process, new ControlChannel(ours));
        }
    }

    /// <summary>How to start this program again: its own executable, or <c>dotnet</c> with the assembly.</summary>
    public static (string FileName, string[] Arguments) Tool()
    {
        string path = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(path) == "dotnet"
            ? (path, [Environment.GetCommandLineArgs()[0]])
            : (path, []);
    }

    /// <summary>Completes when the process has ended, which it does not on its own.</summary>
    public Task<ExitStatus> Ended() => _process.WaitAsync().AsTask();

    public void Send(string verb, params ReadOnlySpan<object> words) => _control.Send(PeerOrder.Format(verb, words));

    public void Send(string verb, IReadOnlyList<SafeFileHandle> handles, params ReadOnlySpan<object> words) =>
        _control.Send(PeerOrder.Format(verb, words), handles);

    public void Send(string verb, SafeFileHandle handle, params ReadOnlySpan<object> words) =>
        _control.Send(PeerOrder.Format(verb, words), [handle]);

    /// <summary>Waits for the answer and returns its words.</summary>
    public PeerOrder Receive()
    {
        (string line, IReadOnlyList<SafeFileHandle> handles) = _control.Receive() ?? throw new PeerLostException();
        PeerOrder answer = PeerOrder.Parse(line, handles);
        return answer.Verb == "ok" ? answer : throw new IOException(answer.Words[0]);
    }

    /// <summary>Connects this process to another, both of them not the tool's own; the key by which they know the connection.</summary>
    public int Connect(PeerProcess other, Mechanism mechanism, string directory)
    {
        int key = ++_lastKey;
        Send(MessageRoles.Offer, key, mechanism.Name, directory);
        PeerOrder offer = Receive();
        other.Send("join", offer.Handles, key, mechanism.Name, offer.Words[0]);
        Send(MessageRoles.Accept, key);
        other.Receive();
        Receive();
        foreach (SafeFileHandle handle in offer.Handles)
        {
            handle.Dispose();
        }
        return key;
    }

    /// <summary>Connects both processes by a mechanism.</summary>
    public PeerConnection Connect(Mechanism mechanism, string directory)
    {
        int key = ++_lastKey;
        Offer offer = mechanism.Offer(directory);
        _control.Send(PeerOrder.Format("join", key, mechanism.Name, offer.Address), offer.Handles);
        // The peer may block until we come (a FIFO), and we until it does; when it fails, nobody comes.
        Task<Connection> accept = Task.Factory.StartNew(
            offer.Accept, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Receive();
        return new PeerConnection(this, key, accept.GetAwaiter().GetResult());
    }

    /// <summary>Ends the process: by the end of its control channel, or by force.</summary>
    public void Dispose()
    {
        _control.Dispose();
        if (!_process.TryWait(s_grace, out _))
        {
            _process.Kill();
            _process.Wait();
        }
        _process.Dispose();
    }
}

/// <summary>The peer process is gone in the middle of the work.</summary>
internal sealed class PeerLostException() : IOException("The peer process is gone.");

/// <summary>Both ends of a mechanism: ours, and the key by which the peer knows its own.</summary>
internal sealed class PeerConnection(PeerProcess peer, int key, Connection local) : IDisposable
{
    public PeerProcess Peer => peer;

    public int Key => key;

    public Connection Local => local;

    public void Dispose()
    {
        peer.Send("leave", key);
        peer.Receive();
        local.Dispose();
    }
}
