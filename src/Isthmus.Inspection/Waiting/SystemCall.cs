using System.Runtime.CompilerServices;

namespace Isthmus.Inspection;

/// <summary>
/// A system call and its arguments as <c>/proc/PID/syscall</c> prints them: <c>0 0x3 0x7fa1 0x1 0x0 0x0 0x0 SP PC</c>.
/// </summary>
internal readonly record struct SystemCall(string? Name, SystemCall.Six Arguments, ulong StackPointer)
{
    public ulong this[int index] => Arguments[index];

    /// <summary>False for <c>running</c>, and for <c>-1</c>: it is stopped by something else than a call.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out SystemCall call)
    {
        call = default;
        TextCursor words = new(text);
        ReadOnlySpan<byte> first = words.ReadWord();
        if (first.IsEmpty || first[0] is < (byte)'0' or > (byte)'9')
        {
            return false;
        }
        Six arguments = default;
        for (int index = 0; index < 6; index++)
        {
            arguments[index] = words.ReadHex();
        }
        ulong stack = words.ReadHex();
        // A 32-bit program, whose calls have other numbers.
        string? name = stack <= uint.MaxValue ? null : SystemCallNames.Find((int)TextCursor.Number(first));
        call = new SystemCall(name, arguments, stack);
        return true;
    }

    [InlineArray(6)]
    internal struct Six
    {
        private ulong _first;
    }
}
