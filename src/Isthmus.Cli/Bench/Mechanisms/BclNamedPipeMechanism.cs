using System.IO.Pipes;
using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>The BCL's named pipe streams, awaited: what <c>pipe-async</c> is compared with.</summary>
internal sealed class BclNamedPipeMechanism : Mechanism
{
    private int _count;

    public override string Name => "bcl:named-pipe";

    public override int Rank => 40;

    public override Rows Latency => Rows.Async;

    public override Rows Throughput => Rows.Async;

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new BclNamedPipeMechanism());

    public override Offer Offer(string directory)
    {
        string path = Path.Combine(directory, $"named-pipe{++_count}");
        NamedPipeServerStream server = new(path, PipeDirection.InOut, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous);
        return new Offer(path, [], () =>
        {
            server.WaitForConnection();
            return new StreamConnection(server);
        });
    }

    public override Connection Join(string address, IReadOnlyList<SafeFileHandle> handles)
    {
        NamedPipeClientStream client = new(".", address, PipeDirection.InOut, PipeOptions.Asynchronous);
        client.Connect();
        return new StreamConnection(client);
    }
}
