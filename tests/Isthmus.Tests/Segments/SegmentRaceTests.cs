using System.Globalization;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Segments;

/// <summary>Many at once: making, attaching, leaving, being killed.</summary>
public sealed class SegmentRaceTests : IDisposable
{
    private const int Processes = 4;
    private const int Names = 50;
    private const int Slots = 128;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Of_many_who_open_or_create_exactly_one_creates_and_all_have_the_same()
    {
        string[][] answers = OfAll(CreateAll);
        for (int name = 0; name < Names; name++)
        {
            string[] seen = [.. answers.Select(each => each[name])];
            Assert.Single(seen, each => each.EndsWith(" True", StringComparison.Ordinal));
            Assert.Single(seen.Select(each => each.Split(' ')[0]).Distinct());
        }
    }

    [Fact]
    public void No_slot_is_given_twice_when_128_come_and_go()
    {
        using Segment segment = Segment.Create(TestKind.Mutex, "x", TestKind.In(_directory.Root) with { MaxParticipants = Slots + 1 }, [], []);
        Assert.All(OfAll(ComeAndGo), lines => Assert.Equal(["0 given twice"], lines));
        Assert.InRange(segment.SlotsInUse, 2, Slots + 1);
        Assert.All(Enumerable.Range(1, Slots), slot => Assert.True(segment.IsDead(slot)));
        Assert.All(Enumerable.Range(1, Slots), slot => Assert.False(segment.Roster.TryRead(slot, out _)));
    }

    [Fact]
    public void A_creator_that_is_killed_leaves_a_whole_segment_or_nothing()
    {
        int found = 0;
        for (int round = 0; round < 8; round++)
        {
            using Child child = Child.Start(CreateForEver, _directory.Root);
            // It goes on meanwhile: the moment is nobody's choice.
            for (int line = 0; line < round + 3; line++)
            {
                Assert.Equal("made", child.ReadLine());
            }
            child.Kill();
            foreach (string path in Directory.EnumerateFileSystemEntries(_directory.Root))
            {
                using Segment segment = TestKind.Open(_directory.Root, Path.GetFileName(path));
                Assert.Equal(4711ul, segment.Config(0));
                found++;
                File.Delete(path);
            }
        }
        Assert.True(found > 0, "None was ever left, so nothing was tested.");
    }

    [Fact]
    public async Task Dispose_while_all_members_are_in_use_harms_nobody()
    {
        using Segment steady = TestKind.Create(_directory.Root);
        for (int round = 0; round < 50; round++)
        {
            Segment segment = TestKind.Open(_directory.Root);
            using CountdownEvent running = new(2);
            Task[] users = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() => Hammer(segment, running)))];
            running.Wait(TestContext.Current.CancellationToken);
            segment.Dispose();
            await Task.WhenAll(users).OrHang();
            Assert.True(steady.IsDead(1));
            Assert.NotEqual(MutexEntry.Busy, EnterAsNext(steady));
        }
    }

    // Who holds it may have been a thread that was just entering: then it is recovered as after a death.
    private static MutexEntry EnterAsNext(Segment steady)
    {
        steady.Recover(1);
        MutexEntry entry = TestKind.TryEnter(steady, out ulong owned);
        MutexConsistent consistent = new(owned);
        Driver.Run(steady, ref consistent);
        TestKind.Exit(steady, owned);
        return entry;
    }

    private static void Hammer(Segment segment, CountdownEvent running)
    {
        running.Signal();
        try
        {
            while (!segment.IsDisposed)
            {
                if (TestKind.TryEnter(segment, out ulong owned) is MutexEntry.Entered)
                {
                    TestKind.Exit(segment, owned);
                }
                segment.IsDead(0);
                segment.Recover(3);
                segment.Roster.TryRead(0, out _);
                _ = segment.SlotsInUse;
            }
        }
        catch (ObjectDisposedException)
        {
            // It was told.
        }
    }

    private string[][] OfAll(Action<string[]> body)
    {
        Child[] children = [.. Enumerable.Range(0, Processes).Select(_ => Child.Start(body, _directory.Root))];
        try
        {
            Assert.All(children, child => Assert.Equal("ready", child.ReadLine()));
            foreach (Child child in children)
            {
                child.WriteLine("go");
            }
            return [.. children.Select(child => Lines(child).ToArray())];
        }
        finally
        {
            foreach (Child child in children)
            {
                child.Dispose();
            }
        }
    }

    private static IEnumerable<string> Lines(Child child)
    {
        while (child.ReadLine() is { } line && line != "end")
        {
            Assert.DoesNotContain("<eof>", line, StringComparison.Ordinal);
            yield return line;
        }
    }

    private static void CreateAll(string[] args)
    {
        Console.WriteLine("ready");
        Console.ReadLine();
        for (int name = 0; name < Names; name++)
        {
            using Segment segment = Segment.OpenOrCreate(
                TestKind.Mutex, name.ToString(CultureInfo.InvariantCulture), TestKind.In(args[0]), [], []);
            Console.WriteLine($"{segment.Id} {segment.IsCreator}");
        }
        Console.WriteLine("end");
    }

    private static void ComeAndGo(string[] args)
    {
        Console.WriteLine("ready");
        Console.ReadLine();
        int twice = 0;
        Segment[] held = new Segment[Slots / Processes];
        for (int round = 0; round < 10; round++)
        {
            Parallel.For(0, held.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 }, each =>
            {
                held[each] = TestKind.Open(args[0]);
                Interlocked.Add(ref twice, Mark(held[each], 0, 1) ? 0 : 1);
            });
            Parallel.For(0, held.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 }, each =>
            {
                Interlocked.Add(ref twice, Mark(held[each], 1, 0) ? 0 : 1);
                held[each].Dispose();
            });
        }
        Console.WriteLine($"{twice} given twice");
        Console.WriteLine("end");
    }

    // The word of a slot is its occupant's alone.
    private static unsafe bool Mark(Segment segment, ulong from, ulong to) =>
        Interlocked.CompareExchange(ref ((ulong*)segment.State)[StateLayout.Slot(segment.Slot)], to, from) == from;

    private static void CreateForEver(string[] args)
    {
        for (int name = 0; ; name++)
        {
            Segment.Create(TestKind.Mutex, $"x{name}", TestKind.In(args[0]), [], [4711]).Dispose();
            if (name > 0)
            {
                Segment.Unlink($"x{name - 1}", args[0]);
            }
            Console.WriteLine("made");
        }
    }
}
