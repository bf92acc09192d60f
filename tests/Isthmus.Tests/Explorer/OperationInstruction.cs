using System.Reflection;
using System.Runtime.CompilerServices;

namespace Isthmus.Tests.Explorer;

/// <summary>An instruction for one type of operation, which lives in the state of the world and is never copied out of it to be stepped.</summary>
internal sealed record OperationInstruction<T>(Func<Actor, T> Make, Action<Actor, T>? Then) : Instruction
    where T : unmanaged, IOperation
{
    private static readonly FieldInfo? s_stage = typeof(T).GetField("_stage", BindingFlags.Instance | BindingFlags.NonPublic);

    public override string Name => typeof(T).Name;

    public override int Size => (Unsafe.SizeOf<T>() + sizeof(ulong) - 1) / sizeof(ulong);

    public override void Start(Actor me, ref ulong state) => Operation(ref state) = Make(me);

    public override Progress Step(Actor me, ref ulong state)
    {
        SimulatedMemory memory = new(me.World, me.Thread);
        return Operation(ref state).Step(ref memory);
    }

    public override void Withdraw(ref ulong state) => Operation(ref state).Withdraw();

    public override void Finish(Actor me, ref ulong state) => Then?.Invoke(me, Operation(ref state));

    public override string StageOf(ref ulong state) => s_stage?.GetValue(Operation(ref state))?.ToString() ?? "";

    private static ref T Operation(ref ulong state) => ref Unsafe.As<ulong, T>(ref state);
}
