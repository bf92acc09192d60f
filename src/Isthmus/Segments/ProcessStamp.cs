using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Isthmus;

/// <summary>A <see cref="ProcessIdentity"/> as it stands in a segment: for people, and never a proof of anything.</summary>
[StructLayout(LayoutKind.Explicit, Size = 40)]
internal struct ProcessStamp
{
    [FieldOffset(0)]
    public int ProcessId;

    [FieldOffset(8)]
    public long StartTime;

    [FieldOffset(16)]
    public ulong PidNamespace;

    [FieldOffset(24)]
    public GuidBytes BootId;

    public static ProcessStamp From(ProcessIdentity identity) => new()
    {
        ProcessId = identity.Id,
        StartTime = identity.StartTime,
        PidNamespace = identity.PidNamespace,
        BootId = GuidBytes.From(identity.BootId),
    };

    public readonly ProcessIdentity ToIdentity() => new(ProcessId, StartTime, PidNamespace, BootId.ToGuid());

    /// <summary>16 bytes in the order in which the text of a GUID shows them.</summary>
    [InlineArray(Size)]
    public struct GuidBytes
    {
        private const int Size = 16;
        private byte _first;

        public static GuidBytes From(Guid guid)
        {
            GuidBytes bytes = default;
            guid.TryWriteBytes(bytes, bigEndian: true, out _);
            return bytes;
        }

        public readonly Guid ToGuid() => new(this, bigEndian: true);
    }
}
