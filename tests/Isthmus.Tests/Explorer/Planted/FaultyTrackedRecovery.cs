namespace Isthmus.Tests.Explorer;

/// <summary><see cref="TrackedRecovery"/> with a bug.</summary>
internal struct FaultyTrackedRecovery(int slot, bool proven, TrackedFault fault) : IOperation
{
    private enum Stage
    {
        Central,
        Doer,
        Help,
        Held,
        Prove,
        Return,
        Finish,
        Wake,
    }

    private Stage _stage;
    private ulong _central;
    private ulong _doers;
    private ulong _held;

    public Progress Step<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        switch (_stage)
        {
            case Stage.Central:
                _central = memory.Load(TrackedWord.Word);
                _stage = fault == TrackedFault.DoesNotHelp ? Stage.Held : Stage.Doer;
                break;
            case Stage.Doer:
                _doers = memory.Load(HeldWord.Word(TrackedWord.DoerOf(_central)));
                _stage = HeldWord.IsBehind(_doers, _central) ? Stage.Help : Stage.Held;
                break;
            case Stage.Help:
                memory.CompareExchange(HeldWord.Word(TrackedWord.DoerOf(_central)), ref _doers, Helped());
                _stage = Stage.Held;
                break;
            case Stage.Held:
                _held = memory.Load(HeldWord.Word(slot));
                _stage = HeldWord.HeldOf(_held) == 0 ? Stage.Wake : proven || fault == TrackedFault.DoesNotProve ? Stage.Return : Stage.Prove;
                break;
            case Stage.Prove:
                _stage = memory.IsDead(slot) ? Stage.Return : Stage.Wake;
                break;
            case Stage.Return:
                ulong returned = TrackedWord.After(_central, slot, _held, TrackedKind.ReturnAll);
                _stage = memory.CompareExchange(TrackedWord.Word, ref _central, returned) ? Stage.Finish : Stage.Central;
                _central = returned;
                break;
            case Stage.Finish:
                Finish(ref memory);
                _stage = Stage.Wake;
                break;
            default:
                if (fault != TrackedFault.DoesNotWake)
                {
                    memory.Wake(TrackedWord.Word, Waiters.All, int.MaxValue);
                }
                return Progress.Done;
        }
        return Progress.Continues;
    }

    public readonly void Withdraw() => throw new InvalidOperationException("Recovery does not wait.");

    private readonly ulong Helped()
    {
        ulong helped = HeldWord.After(_doers, _central);
        return fault == TrackedFault.HelpsWithoutNumber ? helped - (1UL << 20) : helped;
    }

    private void Finish<TMemory>(ref TMemory memory)
        where TMemory : struct, ISharedMemory
    {
        ulong held = HeldWord.After(_held, _central);
        if (fault == TrackedFault.FinishesByStore)
        {
            memory.Store(HeldWord.Word(slot), held);
        }
        else
        {
            memory.CompareExchange(HeldWord.Word(slot), ref _held, held);
        }
    }
}
