using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Isthmus.Tests.Explorer;

/// <summary>A thread as a part of a world's state. Without padding, because it is hashed by its bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ThreadState
{
    public ThreadStatus Status;

    /// <summary>Of the instruction in the routine.</summary>
    public byte Instruction;

    /// <summary>How often the routine was done.</summary>
    public byte Round;

    /// <summary>Which routine, of the world's.</summary>
    public byte Routine;

    /// <summary>Whose slot is recovered.</summary>
    public byte Victim;

    public bool IsProven;

    /// <summary>The operation's wait was ended; it must not wait again.</summary>
    public bool IsWithdrawn;

    /// <summary>The word (as the world counts) that it waits for.</summary>
    public byte Word;

    /// <summary>The low half of that word while there is reason to wait.</summary>
    public uint Expected;

    public Ring Ring;

    /// <summary>It waits for its bell, and has not come to an end since.</summary>
    public bool IsQueued;

    /// <summary>How many of its process came before it and wait for the same word.</summary>
    public byte Place;

    public byte Unused;

    public Values Locals;

    /// <summary>What a routine carries from one operation to the next.</summary>
    [InlineArray(Count)]
    public struct Values
    {
        public const int Count = 3;

        private ulong _first;
    }
}
