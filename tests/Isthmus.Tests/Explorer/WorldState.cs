using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Isthmus.Tests.Explorer;

/// <summary>What a world's state begins with. Without padding, because it is hashed by its bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct WorldState
{
    /// <summary>A bit for each slot whose participant lives.</summary>
    public ushort Alive;

    /// <summary>How many slots have ever had a participant.</summary>
    public byte Slots;

    /// <summary>How many may still be killed.</summary>
    public byte CrashesLeft;

    /// <summary>Who did the last step; counts when preemptions are bounded only.</summary>
    public byte LastThread;

    public byte Preemptions;

    /// <summary>A bit for each slot whose participant died, and that nobody has taken since.</summary>
    public ushort Dead;

    /// <summary>For each slot a bit for each dead slot that its participant has yet to recover.</summary>
    public Masks Pending;

    [InlineArray(Count)]
    public struct Masks
    {
        public const int Count = 8;

        private ushort _first;
    }
}
