using Isthmus.Inspection;
using Isthmus.Tests.Harness;
using Isthmus.Tests.Planted;

namespace Isthmus.Tests.Snapshots;

/// <summary>What comes and goes while it is looked at is no error; and looking leaves nothing behind.</summary>
[Collection(Alone.Name)]
public sealed class ChurnTests
{
    [Fact]
    public void Processes_that_come_and_go_meanwhile_are_no_error()
    {
        using Actor actor = Actor.Python("""
            say("ready")
            for round in range(1000000):
                child = os.fork()
                if child == 0:
                    r, w = os.pipe(); a, b = socket.socketpair()
                    threading.Thread(target=lambda: None).start()
                    time.sleep(round % 8 / 50)
                    os._exit(0)
                if round % 16 == 0:
                    while True:
                        try: os.waitpid(-1, 0)
                        except ChildProcessError: break
            """);
        Assert.Equal("ready", actor.ReadLine());
        HashSet<int> children = [];
        // More where the machine is busy with other things, and lets hardly any be born.
        for (int round = 0; round < 20 || (children.Count <= 5 && round < 1000); round++)
        {
            Snapshot snapshot = Snapshot.Take(new SnapshotOptions { Parts = SnapshotParts.All });
            Assert.NotNull(Reason.Of(snapshot, actor.Id));
            Assert.Equal(snapshot.Processes.Count, snapshot.Processes.DistinctBy(each => each.Id).Count());
            children.UnionWith(snapshot.Processes.Where(each => each.ParentId == actor.Id).Select(each => each.Id));
        }
        // Those that live for less than a sweep are seldom seen.
        Assert.True(children.Count > 5, "Hardly any process was caught in the act.");
    }

    [Fact]
    public void A_snapshot_leaves_no_descriptor_behind()
    {
        Take();
        // What earlier tests left to the collector is not to be closed in between.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        HashSet<string> before = Descriptors();
        Take();
        // To read the directory takes one, too. The collector has none to close: all were closed by us.
        Assert.InRange(Descriptors().Except(before).Count(), 0, 2);

        static void Take()
        {
            for (int round = 0; round < 5; round++)
            {
                Snapshot.Take(new SnapshotOptions { Parts = SnapshotParts.All | SnapshotParts.PipeFill });
            }
        }

        static HashSet<string> Descriptors() => [.. Directory.EnumerateFileSystemEntries("/proc/self/fd")];
    }
}
