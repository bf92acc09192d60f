namespace Isthmus.Tests.Explorer;

/// <content>What can happen next, and what it comes to.</content>
internal sealed partial class World
{
    private int _effects;
    private int _choice;
    private int _outcomes;
    private SeededRandom? _random;

    /// <summary>Who chooses among outcomes of a move whose <see cref="Move.Choice"/> is -1.</summary>
    public SeededRandom Chance
    {
        set => _random = value;
    }

    /// <summary>Adds all that can happen next.</summary>
    /// <returns>Whether the threads can get on by themselves.</returns>
    public bool AddMoves(List<Move> moves)
    {
        int only = Scenario.PreemptionsMax == Head.Preemptions && Head.LastThread < _threads.Length && CanStep(Head.LastThread) ? Head.LastThread : -1;
        bool progresses = false;
        for (int thread = 0; thread < _threads.Length; thread++)
        {
            progresses |= AddProgress(moves, thread, only);
        }
        for (int thread = 0; thread < _threads.Length; thread++)
        {
            AddWakes(moves, thread);
        }
        for (int slot = 0; slot < Capacity; slot++)
        {
            if (IsAlive(slot) && Head.CrashesLeft > 0)
            {
                moves.Add(new Move(MoveKind.Crash, slot));
            }
            if (!IsAlive(slot) && Scenario.Occupant is not null)
            {
                moves.Add(new Move(MoveKind.Occupy, slot));
            }
        }
        return progresses;
    }

    /// <summary>Whether a move can happen now.</summary>
    public bool CanMove(Move move)
    {
        List<Move> moves = [];
        AddMoves(moves);
        return moves.Contains(move with { Choice = 0 });
    }

    /// <summary>Lets something happen.</summary>
    /// <param name="move">What; gets the choice that was made.</param>
    /// <returns>How many outcomes it has.</returns>
    public int Do(ref Move move)
    {
        _effects = 0;
        _outcomes = 1;
        _choice = move.Choice;
        switch (move.Kind)
        {
            case MoveKind.Step:
                CountPreemption(move.Who);
                Step(move.Who);
                break;
            case MoveKind.Drain:
                Drain(move.Who);
                break;
            case MoveKind.Wake:
                WakeForNoReason(move.Who);
                break;
            case MoveKind.Withdraw:
                Withdraw(move.Who);
                break;
            case MoveKind.Crash:
                Crash(move.Who);
                break;
            default:
                Occupy(move.Who);
                break;
        }
        Scenario.Subject.CheckAlways(this);
        move = move with { Choice = Math.Max(0, _choice) };
        return _outcomes;
    }

    /// <summary>Checks a world in which the threads do not get on by themselves.</summary>
    public void Rest()
    {
        for (int thread = 0; thread < _threads.Length; thread++)
        {
            ref ThreadState state = ref Thread(thread);
            if (state.Status == ThreadStatus.Asleep && !Scenario.Subject.MayRest(new Actor(this, thread)))
            {
                Fail($"{NameOf(thread)} sleeps for ever on {_words[state.Word].Name}");
            }
        }
        if (Head.Alive != 0)
        {
            Scenario.Subject.CheckAtRest(this);
        }
    }

    private bool CanStep(int thread) => Thread(thread).Status is ThreadStatus.Ready or ThreadStatus.Asked or ThreadStatus.Woken;

    private bool AddProgress(List<Move> moves, int thread, int only)
    {
        bool canStep = CanStep(thread);
        if (canStep && (only < 0 || only == thread))
        {
            moves.Add(new Move(MoveKind.Step, thread));
        }
        bool canDrain = _memory.CanDrain(Memory, thread);
        if (canDrain)
        {
            moves.Add(new Move(MoveKind.Drain, thread));
        }
        return canStep || canDrain;
    }

    private void AddWakes(List<Move> moves, int thread)
    {
        ref ThreadState state = ref Thread(thread);
        bool canWake = !state.IsQueued || (state.Place == 0 && FindTried(SlotOf(thread), state.Word) < 0);
        if (state.Status == ThreadStatus.Asleep && Scenario.HasSpuriousWakes && canWake)
        {
            moves.Add(new Move(MoveKind.Wake, thread));
        }
        if (state.Status >= ThreadStatus.Asked && InstructionOf(thread).IsTimed)
        {
            moves.Add(new Move(MoveKind.Withdraw, thread));
        }
    }

    private void CountPreemption(int thread)
    {
        if (Scenario.PreemptionsMax is null)
        {
            return;
        }
        ref WorldState head = ref Head;
        if (head.LastThread != thread && head.LastThread < _threads.Length && CanStep(head.LastThread))
        {
            head.Preemptions++;
        }
        head.LastThread = (byte)thread;
    }

    private int Choose(int outcomes)
    {
        _outcomes = outcomes;
        if (_choice < 0)
        {
            _choice = _random!.Next(outcomes);
        }
        return _choice = Math.Min(_choice, outcomes - 1);
    }
}
