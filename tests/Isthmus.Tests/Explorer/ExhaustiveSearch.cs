namespace Isthmus.Tests.Explorer;

/// <summary>Depth first through all states that can be reached, each once.</summary>
internal sealed class ExhaustiveSearch(Scenario scenario, int statesMax)
{
    private readonly World _world = new(scenario);
    private readonly VisitedSet _visited = new();
    private readonly List<Move> _moves = [];
    private readonly List<Frame> _frames = [];
    private readonly List<ulong[]> _states = [];
    private long _made;
    private long _ends;

    public Exploration Run()
    {
        _visited.Add(_world.Hash());
        Push(default, _world.Hash());
        Violation? violation = null;
        while (_frames.Count > 0 && violation is null && _visited.Count < statesMax)
        {
            violation = Advance();
        }
        return new Exploration(violation, _visited.Count, _made, _ends, violation is null && _frames.Count == 0);
    }

    private Violation? Advance()
    {
        Frame frame = _frames[^1];
        if (frame.Next >= _moves.Count)
        {
            _moves.RemoveRange(frame.First, _moves.Count - frame.First);
            _frames.RemoveAt(_frames.Count - 1);
            return null;
        }
        Move move = _moves[frame.Next] with { Choice = frame.Choice };
        _world.Restore(_states[_frames.Count - 1]);
        int outcomes = Guarded.Do(_world, ref move);
        _made++;
        _frames[^1] = frame.After(outcomes);
        int depth = _frames.Count;
        Visit(move);
        return _world.Failure is { } failure ? Replays.Shorten(scenario, [.. Path(depth), move], failure) : null;
    }

    private void Visit(Move move)
    {
        if (_world.Failure is not null)
        {
            return;
        }
        ulong hash = _world.Hash();
        if (_visited.Add(hash))
        {
            Push(move, hash);
        }
        else if (RunsInCircles(move, hash))
        {
            _world.Fail($"{_world.NameOf(move.Who)} runs for ever");
        }
    }

    private void Push(Move move, ulong hash)
    {
        int first = _moves.Count;
        if (!_world.AddMoves(_moves))
        {
            _ends++;
            _world.Rest();
        }
        if (_states.Count == _frames.Count)
        {
            _states.Add(new ulong[_world.Size]);
        }
        _world.Save(_states[_frames.Count]);
        _frames.Add(new Frame(move, hash, first, first, 0));
    }

    // A thread that comes back to the same state alone does so for ever. (Not each such circle is met on one path; most are.)
    private bool RunsInCircles(Move move, ulong hash)
    {
        for (int depth = _frames.Count - 1; depth >= 0 && move.Kind == MoveKind.Step; depth--)
        {
            if (_frames[depth].Hash == hash)
            {
                return true;
            }
            if (_frames[depth].By.Kind != MoveKind.Step || _frames[depth].By.Who != move.Who)
            {
                return false;
            }
        }
        return false;
    }

    private IEnumerable<Move> Path(int depth) => _frames.Take(depth).Skip(1).Select(frame => frame.By);

    /// <summary>A state on the path.</summary>
    /// <param name="By">The move that led to it.</param>
    /// <param name="Hash">Of it.</param>
    /// <param name="First">Where its moves begin.</param>
    /// <param name="Next">The move that comes next.</param>
    /// <param name="Choice">With which outcome.</param>
    private readonly record struct Frame(Move By, ulong Hash, int First, int Next, int Choice)
    {
        public Frame After(int outcomes) => Choice + 1 < outcomes ? this with { Choice = Choice + 1 } : this with { Next = Next + 1, Choice = 0 };
    }
}
