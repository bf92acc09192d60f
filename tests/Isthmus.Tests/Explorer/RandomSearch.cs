namespace Isthmus.Tests.Explorer;

/// <summary>
/// Schedules by chance. Each second one is a walk; in the others each thread has a priority of its own, which a few times falls below all others
/// (probabilistic concurrency testing: a bug that needs few such changes at the right moments is found soon).
/// </summary>
internal sealed class RandomSearch(Scenario scenario)
{
    private const int MovesMax = 10_000;

    private readonly World _world = new(scenario);
    private readonly SeededRandom _random = new();
    private readonly List<Move> _moves = [];
    private readonly List<Move> _done = [];
    private readonly int[] _priorities = new int[World.ThreadsMax];
    private long _made;
    private long _ends;

    public Exploration Run(int schedules, int seed)
    {
        _world.Chance = _random;
        for (int index = 0; index < schedules; index++)
        {
            _random.Reset(seed + index);
            RunOne();
            if (_world.Failure is { } failure)
            {
                Violation violation = Replays.Shorten(scenario, _done, failure) with { Seed = seed + index };
                return new Exploration(violation, 0, _made, _ends, IsComplete: false);
            }
        }
        return new Exploration(null, 0, _made, _ends, IsComplete: false);
    }

    private void RunOne()
    {
        _world.Reset();
        _done.Clear();
        bool isWalk = _random.Next(2) == 0;
        int trouble = 8 << _random.Next(4);
        int change = 8 << _random.Next(4);
        SetPriorities();
        while (_world.Failure is null && TryChoose(isWalk, trouble, out Move move))
        {
            if (_random.Next(change) == 0 && _done.Count > 0)
            {
                _priorities[move.Who] = -_done.Count;
            }
            Guarded.Do(_world, ref move);
            _done.Add(move);
            if (_done.Count == MovesMax)
            {
                _world.Fail("it does not come to an end");
            }
        }
        _made += _done.Count;
    }

    // False: the end, by chance where something could still happen to a world that rests.
    private bool TryChoose(bool isWalk, int trouble, out Move move)
    {
        move = new Move(MoveKind.Step, 0);
        _moves.Clear();
        if (!_world.AddMoves(_moves))
        {
            _ends++;
            _world.Rest();
            if (_moves.Count == 0 || _random.Next(2) == 0)
            {
                return false;
            }
            move = _moves[_random.Next(_moves.Count)];
        }
        else if (_random.Next(trouble) == 0)
        {
            move = _moves[_random.Next(_moves.Count)];
        }
        else
        {
            int progress = CountProgress();
            move = isWalk ? _moves[_random.Next(progress)] : First(progress);
        }
        move = move with { Choice = -1 };
        return true;
    }

    private int CountProgress()
    {
        int count = 0;
        while (count < _moves.Count && _moves[count].IsProgress)
        {
            count++;
        }
        return count;
    }

    // A thread whose stores are under way rather goes on than waits for them.
    private Move First(int progress)
    {
        int best = 0;
        for (int index = 1; index < progress; index++)
        {
            int lead = _priorities[_moves[index].Who] - _priorities[_moves[best].Who];
            best = lead > 0 || (lead == 0 && _random.Next(4) == 0) ? index : best;
        }
        return _moves[best];
    }

    private void SetPriorities()
    {
        for (int thread = 0; thread < _priorities.Length; thread++)
        {
            _priorities[thread] = _random.Next(1 << 20);
        }
    }
}
