using System.Globalization;
using Isthmus.Native;

namespace Isthmus;

/// <summary>Which message a receiver of a System V queue takes, by type; always the oldest one that fits. msgrcv(2)</summary>
public readonly record struct MessageSelector
{
    private MessageSelector(long type, int flags)
    {
        NativeType = (nint)type;
        Flags = flags;
    }

    /// <summary>The oldest message.</summary>
    public static MessageSelector Any => default;

    /// <summary>As <c>msgrcv</c> takes it: 0 any, above 0 that type, below 0 the lowest up to its amount.</summary>
    internal nint NativeType { get; }

    /// <summary>0 or MSG_EXCEPT.</summary>
    internal int Flags { get; }

    /// <summary>The oldest message of this type.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Types begin at 1.</exception>
    public static MessageSelector OfType(long type) => new(Checked(type), 0);

    /// <summary>Of all messages whose type is at most this one, the oldest of the lowest type: types then work as priorities, the lowest first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Types begin at 1.</exception>
    public static MessageSelector LowestUpTo(long type) => new(-Checked(type), 0);

    /// <summary>The oldest message of any other type (<c>MSG_EXCEPT</c>).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Types begin at 1.</exception>
    public static MessageSelector AllBut(long type) => new(Checked(type), LibC.MSG_EXCEPT);

    /// <summary>For people: <c>any</c>, <c>type 3</c>, <c>lowest type up to 3</c>, <c>any type but 3</c>.</summary>
    public override string ToString()
    {
        string prefix = Flags != 0 ? "any type but" : NativeType < 0 ? "lowest type up to" : "type";
        return NativeType == 0 ? "any" : string.Create(CultureInfo.InvariantCulture, $"{prefix} {Math.Abs(NativeType)}");
    }

    private static long Checked(long type)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(type, 1);
        return type;
    }
}
