using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>A process's side of the suite <c>contended</c>.</summary>
internal static class ContendRole
{
    /// <summary>
    /// LOCK START END, with the lock's descriptor and that of the memory of the counter; both times as <see cref="Stopwatch"/> tells them.
    /// </summary>
    public const string Contend = "contend";

    private const int Batch = 16;

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.AddRole(Contend, (peer, order) =>
    {
        ContendedLock shared = BenchCatalog.Contended.Single(each => each.Name == order.Words[0]);
        using ContendedLoop loop = shared.Open(order.Handles[0]);
        using AnonymousMemory memory = AnonymousMemory.FromHandle(order.Handles[1]);
        Placement.Pin(Placement.Anywhere);
        peer.Answer();
        long start = long.Parse(order.Words[1], System.Globalization.CultureInfo.InvariantCulture);
        long end = long.Parse(order.Words[2], System.Globalization.CultureInfo.InvariantCulture);
        ref long counter = ref memory.AsSpan<long>(0, 1)[0];
        long done = 0;
        while (Stopwatch.GetTimestamp() < start)
        {
            Thread.Yield();
        }
        do
        {
            loop.Run(Batch, ref counter);
            done += Batch;
        }
        while (Stopwatch.GetTimestamp() < end);
        peer.Answer(done);
    });
}
