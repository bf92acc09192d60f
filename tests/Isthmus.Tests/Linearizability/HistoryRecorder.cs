using System.Diagnostics;
using System.Globalization;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Linearizability;

/// <summary>Processes that use one object at once and write down what they saw. They are started once for many histories.</summary>
internal sealed class HistoryRecorder : IDisposable
{
    private readonly string _kind;
    private readonly Child[] _children;

    public HistoryRecorder(string kind, int processes)
    {
        _kind = kind;
        _children = [.. Enumerable.Range(0, processes).Select(_ => Child.Start(Use, kind))];
    }

    /// <summary>Records one use of a new object.</summary>
    public List<HistoryEvent> Record(int operations, int seed)
    {
        string name = $"test-{Guid.NewGuid():N}";
        foreach ((int index, Child child) in _children.Index())
        {
            child.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {operations} {seed + index}"));
            Assert.Equal("ready", child.ReadLine());
        }
        Array.ForEach(_children, child => child.WriteLine("go"));
        List<HistoryEvent> history = [.. _children.Index().SelectMany(each => Read(each.Item, each.Index))];
        SharedObject.Unlink(name);
        return history;
    }

    /// <summary>Whether a number of recorded histories are all linearizable; the first that is not is told.</summary>
    public void Check(int histories, int operations)
    {
        for (int seed = 1; seed <= histories; seed++)
        {
            List<HistoryEvent> history = Record(operations, seed * 100);
            Assert.True(
                LinearizabilityChecker.IsLinearizable(RecordedObject.ModelOf(_kind), history),
                $"{_kind}, history {seed} is not linearizable:\n{string.Join('\n', history.OrderBy(each => each.Call))}");
        }
    }

    public void Dispose() => Array.ForEach(_children, child => child.Dispose());

    private static IEnumerable<HistoryEvent> Read(Child child, int process)
    {
        for (string line = child.ReadLine(); line != "end"; line = child.ReadLine())
        {
            string[] words = line.Split(' ');
            long[] numbers = [.. words.Skip(1).Select(word => long.Parse(word, CultureInfo.InvariantCulture))];
            yield return new HistoryEvent(process, numbers[0], numbers[1], words[0], numbers[2], numbers[3]);
        }
    }

    private static void Use(string[] args)
    {
        while (Console.ReadLine()?.Split(' ') is [string name, string operations, string seed])
        {
            using RecordedObject recorded = RecordedObject.Openers[args[0]](name);
            Console.WriteLine("ready");
            Console.ReadLine();
            List<string> lines = Act(recorded, int.Parse(operations, CultureInfo.InvariantCulture), new Random(int.Parse(seed, CultureInfo.InvariantCulture)));
            lines.ForEach(Console.WriteLine);
            Console.WriteLine("end");
        }
    }

    private static List<string> Act(RecordedObject recorded, int operations, Random random)
    {
        List<string> lines = [];
        while (true)
        {
            long call = Stopwatch.GetTimestamp();
            (string Operation, long Argument, long Result)? act = lines.Count < operations ? recorded.Act(random) : recorded.Finish();
            long end = Stopwatch.GetTimestamp();
            if (act is not { } did)
            {
                return lines;
            }
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{did.Operation} {call} {end} {did.Argument} {did.Result}"));
        }
    }
}
