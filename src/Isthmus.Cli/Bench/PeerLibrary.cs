using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>Somebody else's way to pass messages, as a program in bench/reference: a row <c>peer:…</c>, where it is installed.</summary>
internal sealed record PeerLibrary(string Name, int Rank, ReferenceSource Source)
{
    [ModuleInitializer]
    internal static void Register()
    {
        BenchCatalog.Add(new PeerLibrary("peer:boost-mq", 10, new ReferenceSource("boost-mq.cpp") { Package = "libboost-dev" }));
        BenchCatalog.Add(new PeerLibrary("peer:boost-mq-blocking", 11, new ReferenceSource("boost-mq-blocking.cpp") { Package = "libboost-dev" }));
        BenchCatalog.Add(new PeerLibrary("peer:zmq", 20, new ReferenceSource("zmq.c") { Package = "libzmq3-dev", Libraries = ["-lzmq"] }));
        BenchCatalog.Add(new PeerLibrary("peer:nng", 30, new ReferenceSource("nng.c") { Package = "libnng-dev", Libraries = ["-lnng"] }));
        BenchCatalog.Add(new PeerLibrary("peer:python-queue", 40, new ReferenceSource("python-queue.py") { Package = "python3" }));
        BenchCatalog.Add(new PeerLibrary("peer:python-pipe", 41, new ReferenceSource("python-pipe.py") { Package = "python3" }));
    }
}
