using System.Globalization;
using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>Somebody else's channel with several processes: a program in bench/reference that includes scaling.h.</summary>
internal sealed class ScaledProgram(string name, int rank, ReferenceSource source) : ScaledRow
{
    public override string Name => name;

    public override int Rank => rank;

    public ReferenceSource Source => source;

    [ModuleInitializer]
    internal static void Register()
    {
        BenchCatalog.Add(new ScaledProgram("peer:boost-mq", 50, new ReferenceSource("scaling-boost-mq.cpp") { Package = "libboost-dev" }));
        BenchCatalog.Add(
            new ScaledProgram("peer:zmq", 51, new ReferenceSource("scaling-zmq.c") { Package = "libzmq3-dev", Libraries = ["-lzmq"] }));
    }

    public override ThroughputSample? Measure(SuiteRun run, Shape shape, int count, out string reason)
    {
        using ReferenceProgram? program = run.References.TryStart(source, [], out reason);
        if (program is null)
        {
            return null;
        }
        string command = string.Create(CultureInfo.InvariantCulture, $"scale {shape.Senders} {shape.Receivers} {ScalingSuite.Size} {count}");
        double[] answer = program.Ask(RowOf(shape).Name, ScalingSuite.Size, command);
        return new ThroughputSample(answer[0], (long)answer[1], (long)answer[1]);
    }
}
