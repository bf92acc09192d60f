using System.Runtime.CompilerServices;

namespace Isthmus.Tests.Explorer;

/// <summary>
/// Simulated memory, the threads that use it, and the kernel that lets them sleep. Its state is one block of numbers (so it is copied and hashed at
/// the speed of memory), and changes by <see cref="Move"/>s only.
/// </summary>
internal sealed partial class World
{
    /// <summary>More threads than that a world cannot have.</summary>
    public const int ThreadsMax = 64;

    private const int RecoveryRoutine = 0;
    private const int OccupantRoutine = 1;

    private static readonly int s_headSize = Unsafe.SizeOf<WorldState>() / sizeof(ulong);
    private static readonly int s_threadSize = Unsafe.SizeOf<ThreadState>() / sizeof(ulong);

    private readonly Routine[] _routines;
    private readonly WorldThread[] _threads;
    private readonly Word[] _words;
    private readonly int[] _wordAt;
    private readonly MemoryModel _memory;
    private readonly int _operationSize;
    private readonly int _operationsAt;
    private readonly int _ghostsAt;
    private readonly int _memoryAt;
    private readonly ulong[] _state;
    private readonly ulong[] _initial;
    private readonly Func<int, int> _choose;

    public World(Scenario scenario)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scenario.Participants.Length, WorldState.Masks.Count);
        Scenario = scenario;
        Routine recovery = new("recoverer", scenario.Subject.Recovery);
        _routines = [recovery, scenario.Occupant ?? recovery, .. scenario.Participants.SelectMany(routines => routines)];
        _threads = [.. ThreadsOf(scenario)];
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_threads.Length, ThreadsMax);
        _words = [.. scenario.Subject.Words(scenario.Participants.Length)];
        _wordAt = Positions(_words, scenario.Participants.Length);
        _operationSize = _routines.SelectMany(routine => routine.Instructions).Max(instruction => instruction.Size);
        _memory = MemoryModel.Create(scenario.Order, _words.Length, _threads.Length);

        _operationsAt = s_headSize + (_threads.Length * s_threadSize);
        _ghostsAt = _operationsAt + (_threads.Length * _operationSize);
        _memoryAt = _ghostsAt + scenario.Subject.Ghosts;
        _choose = Choose;
        _state = new ulong[_memoryAt + _memory.Size];
        Begin();
        _initial = [.. _state];
    }

    public Scenario Scenario { get; }

    /// <summary>What does not hold; null while all does.</summary>
    public string? Failure { get; private set; }

    /// <summary>The size of the state, in words.</summary>
    public int Size => _state.Length;

    /// <summary>How many slots have ever had a participant.</summary>
    public int Slots => Head.Slots;

    /// <summary>How many slots there are.</summary>
    public int Capacity => Scenario.Participants.Length;

    /// <summary>How many threads there are, recoverers included.</summary>
    public int Threads => _threads.Length;

    /// <summary>How many participants were killed.</summary>
    public int Crashes => Scenario.Crashes - Head.CrashesLeft;

    private ref WorldState Head => ref Unsafe.As<ulong, WorldState>(ref _state[0]);

    private Span<ulong> Memory => _state.AsSpan(_memoryAt);

    /// <summary>A number of the subject's own.</summary>
    public ref ulong Ghost(int index) => ref _state.AsSpan(_ghostsAt, Scenario.Subject.Ghosts)[index];

    /// <summary>What a word is to somebody who looks with a fence.</summary>
    public ulong Peek(int word) => _memory.Latest(Memory, _wordAt[word]);

    public bool IsAlive(int slot) => (Head.Alive >> slot & 1) != 0;

    public int SlotOf(int thread) => _threads[thread].Slot;

    public string NameOf(int thread) => _threads[thread].Name;

    public Waiters WaitersOf(int thread) => RoutineOf(thread).Waiters;

    public ref ThreadState Thread(int thread) => ref Unsafe.As<ulong, ThreadState>(ref _state[s_headSize + (thread * s_threadSize)]);

    /// <summary>Keeps, in a local of each thread, what it saw of a word when it first fell asleep, plus one: as long as that local is 0.</summary>
    public void NoteFirstSleeps(int local, ulong mask)
    {
        for (int thread = 0; thread < _threads.Length; thread++)
        {
            ref ThreadState state = ref Thread(thread);
            if (state.Status == ThreadStatus.Asleep && state.Locals[local] == 0)
            {
                state.Locals[local] = (state.Expected & mask) + 1;
            }
        }
    }

    /// <summary>States that something does not hold; the first such statement counts.</summary>
    public void Fail(string message) => Failure ??= message;

    /// <summary>Goes back to the beginning.</summary>
    public void Reset()
    {
        Restore(_initial);
        Failure = null;
    }

    public void Save(Span<ulong> state) => _state.CopyTo(state);

    public void Restore(ReadOnlySpan<ulong> state) => state.CopyTo(_state);

    /// <summary>A number that stands for the state.</summary>
    public ulong Hash() => StateHash.Of(_state);

    private static IEnumerable<WorldThread> ThreadsOf(Scenario scenario)
    {
        int routine = OccupantRoutine + 1;
        foreach ((int slot, Routine[] routines) in scenario.Participants.Index())
        {
            foreach ((int index, Routine each) in routines.Index())
            {
                string name = routines.Length == 1 ? $"p{slot}.{each.Name}" : $"p{slot}.{each.Name}{index}";
                yield return new WorldThread(slot, name, routine++, IsRecoverer: false);
            }
            if (routines.Length == 0)
            {
                yield return new WorldThread(slot, $"p{slot}.newcomer", OccupantRoutine, IsRecoverer: false);
            }
            yield return new WorldThread(slot, $"p{slot}.recoverer", RecoveryRoutine, IsRecoverer: true);
        }
    }

    private static int[] Positions(Word[] words, int slots)
    {
        int[] positions = new int[Math.Max(StateLayout.Size(slots) / sizeof(ulong), words.Max(word => word.Index) + 1)];
        Array.Fill(positions, -1);
        foreach ((int position, Word word) in words.Index())
        {
            positions[word.Index] = position;
        }
        return positions;
    }

    private void Begin()
    {
        _memory.Begin(Memory, [.. _words.Select(word => word.Initial)]);
        for (int slot = 0; slot < Capacity; slot++)
        {
            if (Scenario.Participants[slot].Length > 0)
            {
                Head.Alive |= (ushort)(1 << slot);
                Head.Slots = (byte)(slot + 1);
            }
        }
        Head.CrashesLeft = (byte)Scenario.Crashes;
        Head.LastThread = byte.MaxValue;
        for (int thread = 0; thread < _threads.Length; thread++)
        {
            if (!_threads[thread].IsRecoverer && IsAlive(SlotOf(thread)))
            {
                BeginRoutine(thread, _threads[thread].Routine);
            }
        }
    }

    private Routine RoutineOf(int thread) => _routines[Thread(thread).Routine];

    private Instruction InstructionOf(int thread) => RoutineOf(thread).Instructions[Thread(thread).Instruction];

    private ref ulong Operation(int thread) => ref _state[_operationsAt + (thread * _operationSize)];
}
