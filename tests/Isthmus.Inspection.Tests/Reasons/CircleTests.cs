using System.Globalization;
using Isthmus.Inspection;
using Isthmus.Tests.Harness;
using static Isthmus.Tests.Reasons.Chains;

namespace Isthmus.Tests.Reasons;

/// <summary>Processes that wait for each other in ways that no thread shows: awaited, or where threads may not be looked at.</summary>
public sealed class CircleTests : IDisposable
{
    private const string Doubt = ", a deadlock unless another part of one of them lets go.";

    private readonly TemporaryName _one = new();
    private readonly TemporaryName _two = new();
    private readonly SharedMutex _first;
    private readonly SharedMutex _second;

    public CircleTests() => (_first, _second) = (SharedMutex.Create(_one), SharedMutex.Create(_two));

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
        _one.Dispose();
        _two.Dispose();
    }

    [Fact]
    public async Task Two_that_await_each_others_mutexes_are_a_circle()
    {
        using Child one = Start(Await, _one, _two);
        using Child two = Start(Await, _two, _one);
        Go(one, two);
        WaitChain circle = await CircleOf(one.Id);
        Assert.Equal([one.Id, two.Id], circle.Cycle.Select(step => step.Process.Id));
        Assert.Equal([_two, _one], circle.Cycle.Select(step => step.Object!.Name));
        string name = circle.Steps[0].Process.Name;
        Assert.Equal(
            $"{one.Id} ({name}) awaits the shared mutex {_two.Value} held by {two.Id} ({name}), "
            + $"which awaits the shared mutex {_one.Value} held by {one.Id} ({name}): a circle of 2 processes{Doubt}",
            circle.ToString());
        Assert.DoesNotContain(Reason.FindDeadlocks(Everything()), each => each.Steps.Any(step => step.Process.Id == one.Id));
    }

    [Fact]
    public async Task Who_awaits_and_who_waits_in_a_thread_are_a_circle_from_either_side()
    {
        using Child awaiting = Start(Await, _one, _two);
        using Child waiting = Start(Enter, _two, _one);
        Go(awaiting, waiting);
        WaitChain circle = await CircleOf(awaiting.Id);
        Assert.Equal([(awaiting.Id, false), (waiting.Id, true)], circle.Cycle.Select(step => (step.Process.Id, step.Thread is not null)));
        circle = await CircleOf(waiting.Id);
        Assert.Equal([(waiting.Id, true), (awaiting.Id, false)], circle.Cycle.Select(step => (step.Process.Id, step.Thread is not null)));
    }

    [Fact]
    public async Task Who_waits_for_a_circle_stands_before_it()
    {
        using Child one = Start(Await, _one, _two);
        using Child two = Start(Await, _two, _one);
        using TemporaryName third = new();
        using SharedMutex mutex = SharedMutex.Create(third);
        using Child waiting = Start(Await, third, _one);
        Go(one, two, waiting);
        WaitChain circle = await CircleOf(waiting.Id);
        Assert.Equal([waiting.Id, one.Id, two.Id], circle.Steps.Select(step => step.Process.Id));
        Assert.Equal([one.Id, two.Id], circle.Cycle.Select(step => step.Process.Id));
        WaitChain found = Assert.Single(await CirclesWith(one.Id, waiting.Id));
        Assert.Equal(2, found.Steps.Count);
    }

    [Fact]
    public async Task A_holder_that_reads_something_may_let_go()
    {
        using Child one = Start(Await, _one, _two);
        using Child two = Start(AwaitAndRead, _two, _one);
        Go(one, two);
        WaitChain? chain = null;
        await Eventually.IsTrue(() => (chain = Reason.Of(Everything(), one.Id)!.Chains.FirstOrDefault(each => each.Steps[0].Thread is null)) is not null
            && chain.Steps.Count > 1);
        Assert.NotEqual(WaitEnd.Circle, chain!.End);
        Assert.DoesNotContain(Reason.FindCircles(Everything()), each => each.Steps[0].Process.Id == one.Id || each.Steps[0].Process.Id == two.Id);
    }

    [Fact]
    public async Task A_deadlock_of_threads_that_may_not_be_looked_at_is_a_circle()
    {
        using Child one = Start(Enter, _one, _two);
        using Child two = Start(Enter, _two, _one);
        Go(one, two);
        await ChainOf(one.Id, found => found.End == WaitEnd.Deadlock);
        string expected = $"{string.Join(' ', new[] { one.Id, two.Id }.Order())}: a circle of 2 processes{Doubt}";
        Assert.Contains(expected, Elsewhere.WithoutCapabilities(TellCircles, one.Id.ToString(CultureInfo.InvariantCulture)), StringComparison.Ordinal);
    }

    private static async Task<WaitChain> CircleOf(int processId)
    {
        WaitChain? circle = null;
        await Eventually.IsTrue(() =>
            (circle = Reason.Of(Everything(), processId)!.Chains.FirstOrDefault(each => each.End == WaitEnd.Circle)) is not null);
        return circle!;
    }

    // All circles that any of them is in. For a moment a thread of the runtime may run in one of them, who then seems to go on.
    private static async Task<WaitChain[]> CirclesWith(params int[] processIds)
    {
        WaitChain[] circles = [];
        await Eventually.IsTrue(() =>
        {
            circles = [.. Reason.FindCircles(Everything()).Where(each => each.Steps.Any(step => processIds.Contains(step.Process.Id)))];
            return circles.Length > 0;
        });
        return circles;
    }

    private static Child Start(Action<string[]> body, string own, string other)
    {
        Child child = Child.Start(body, own, other);
        Assert.Equal("in", child.ReadLine());
        return child;
    }

    // When each has its own.
    private static void Go(params Child[] children) => Array.ForEach(children, child => child.WriteLine("go"));

    private static void Await(string[] args)
    {
        using SharedMutexScope own = Own(args);
        using SharedMutex other = SharedMutex.Open(args[1]);
        other.EnterAsync().AsTask().GetAwaiter().GetResult().Dispose();
    }

    private static void AwaitAndRead(string[] args)
    {
        using SharedMutexScope own = Own(args);
        using SharedMutex other = SharedMutex.Open(args[1]);
        _ = other.EnterAsync().AsTask();
        Console.ReadLine();
    }

    private static void Enter(string[] args)
    {
        using SharedMutexScope own = Own(args);
        using SharedMutex other = SharedMutex.Open(args[1]);
        other.Enter().Dispose();
    }

    private static SharedMutexScope Own(string[] args)
    {
        SharedMutexScope own = SharedMutex.Open(args[0]).Enter();
        Console.WriteLine("in");
        Console.ReadLine();
        return own;
    }

    private static void TellCircles(string[] args)
    {
        foreach (WaitChain circle in CirclesWith(int.Parse(args[0], CultureInfo.InvariantCulture)).GetAwaiter().GetResult())
        {
            string text = circle.ToString();
            Console.WriteLine(string.Join(' ', circle.Cycle.Select(step => step.Process.Id).Order()) + text[text.LastIndexOf(':')..]);
        }
    }
}
