using System.Globalization;
using System.Text.Json;
using Isthmus.Inspection;
using Isthmus.Native;
using Isthmus.Tests.Harness;
using Isthmus.Tests.Planted;

namespace Isthmus.Cli.Tests.Situations;

/// <summary>All situations at once, planted by three programs; once they are in place, what the tool and the programs of others tell of them.</summary>
public sealed class PlantedMachine : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly QueueName _name = new();
    private readonly QueueName _nameInC = new();
    private readonly List<Actor> _actors = [];
    private readonly List<Situation> _situations = [];
    private readonly Lazy<JsonElement[]> _objects;
    private readonly Dictionary<int, JsonElement[]> _shown = [];

    public PlantedMachine()
    {
        try
        {
            Plant("Python", Actor.Python(PlantedPrograms.Python, _directory.Root, _name));
            Plant("C", Actor.C(PlantedPrograms.C, _directory.Root, _nameInC));
            Plant("Shell", Actor.Shell(PlantedPrograms.Shell, _directory.Root));
            Situation[] missing = [];
            try
            {
                Eventually.IsTrue(() => (missing = [.. Missing()]).Length == 0).GetAwaiter().GetResult();
            }
            catch (Xunit.Sdk.TrueException)
            {
                Assert.Fail("Not in place: " + string.Join(", ", missing.AsEnumerable()));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
        _objects = new(() => Rows("objects", Tool.Path, "ls", "--all", "--json"));
    }

    internal string Root => _directory.Root;

    internal IReadOnlyList<Situation> Situations => _situations;

    /// <summary>Every process that has planted something or waits in it.</summary>
    internal IEnumerable<int> ProcessIds => _situations.Select(each => each.ProcessId).Distinct().Order();

    /// <summary>What <c>isthmus ls --all --json</c> prints.</summary>
    internal JsonElement[] Objects => _objects.Value;

    /// <summary>The objects that <c>isthmus show PID --json</c> prints; each process is asked about once.</summary>
    internal JsonElement[] ObjectsOf(int processId)
    {
        if (!_shown.TryGetValue(processId, out JsonElement[]? rows))
        {
            rows = Rows("objects", Tool.Path, "show", processId.ToString(CultureInfo.InvariantCulture), "--json");
            _shown.Add(processId, rows);
        }
        return rows;
    }

    /// <summary>The rows of a property of what a program prints as JSON.</summary>
    internal static JsonElement[] Rows(string property, string program, params string[] args)
    {
        (string output, int exitCode) = Peer.Run(program, args);
        Assert.True(exitCode == 0, output);
        // What may not be looked at is told behind it, on standard error.
        return [.. System.Text.Json.JsonDocument.Parse(output[..(output.LastIndexOf('}') + 1)]).RootElement.GetProperty(property).EnumerateArray()];
    }

    public void Dispose()
    {
        foreach (Actor actor in _actors)
        {
            // The shell's has no names to remove.
            if (_situations.Exists(each => each.ProcessId == actor.Id && !each.Name.StartsWith("Shell", StringComparison.Ordinal)))
            {
                Assert.Equal(0, LibC.kill(actor.Id, Signal.SIGTERM.Number));
                Assert.Equal("gone", actor.ReadLine());
            }
            actor.Dispose();
        }
        _name.Dispose();
        _nameInC.Dispose();
        _directory.Dispose();
    }

    private void Plant(string program, Actor actor)
    {
        _actors.Add(actor);
        for (string line; (line = actor.ReadLine()) != "ready";)
        {
            _situations.Add(Situation.Parse(program, line));
        }
    }

    // It takes a moment until all are where they wait.
    private IEnumerable<Situation> Missing()
    {
        Snapshot snapshot = Snapshot.Take(new SnapshotOptions { Parts = SnapshotParts.All });
        return _situations.Where(each => each.IsWait && !(
            Reason.Of(snapshot, each.ProcessId)?.Chains is [{ Steps: [{ Thread.Wait.Kind: not WaitKind.None } first, ..] } chain, ..]
            && (each.Wait == "-" || JsonSignal.Word(first.Thread.Wait.Kind) == each.Wait)
            && (each.End is null || JsonSignal.Word(chain.End) == each.End)));
    }
}
