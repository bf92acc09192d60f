using System.Reflection;
using System.Runtime.CompilerServices;

namespace Isthmus.Tests.Explorer;

/// <summary>An instruction for one type of operation, which lives in the state of the world and is never copied out of it to be stepped.</summary>
internal sealed record OperationInstruction<T>(Func<Actor, T> Make, Action<Actor, T>? Then) : Instruction
    where T : unmanaged, IOperation
{
    private static readonly FieldInfo? s_stage = typeof(T).GetField("_stage", BindingFlags.Instance | BindingFlags.NonPublic);

    private static readonly ulong[] s_mask = Padding.MaskOf<T>();

    public override string Name => typeof(T).Name;

    public override int Size => s_mask.Length;

    public override bool StandsForAll => T.StandsForAll;

    public override void Start(Actor me, ref ulong state)
    {
        Operation(ref state) = Make(me);
        ClearPadding(ref state);
    }

    public override Progress Step(Actor me, ref ulong state)
    {
        SimulatedMemory memory = new(me.World, me.Thread);
        Progress progress = Operation(ref state).Step(ref memory);
        ClearPadding(ref state);
        return progress;
    }

    public override void Withdraw(ref ulong state)
    {
        Operation(ref state).Withdraw();
        ClearPadding(ref state);
    }

    public override void Finish(Actor me, ref ulong state) => Then?.Invoke(me, Operation(ref state));

    public override string StageOf(ref ulong state) => s_stage?.GetValue(Operation(ref state))?.ToString() ?? "";

    private static void ClearPadding(ref ulong state)
    {
        for (int index = 0; index < s_mask.Length; index++)
        {
            Unsafe.Add(ref state, index) &= s_mask[index];
        }
    }

    private static ref T Operation(ref ulong state) => ref Unsafe.As<ulong, T>(ref state);
}
