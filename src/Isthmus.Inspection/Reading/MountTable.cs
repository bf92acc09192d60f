namespace Isthmus.Inspection;

/// <summary>
/// Which device each mount of this process's mount namespace shows (<c>/proc/self/mountinfo</c>). It is the number that the kernel's lock
/// tables and memory maps print, which on some file systems differs from that of <c>stat(2)</c>.
/// </summary>
internal sealed class MountTable
{
    private readonly Dictionary<int, ulong> _devices = [];

    private MountTable()
    {
    }

    /// <summary>Reads <c>36 35 98:0 /root /mountpoint …</c>, a mount a line.</summary>
    public static MountTable Parse(ReadOnlySpan<byte> text)
    {
        MountTable table = new();
        TextCursor lines = new(text);
        while (lines.TryReadLine(out ReadOnlySpan<byte> line))
        {
            TextCursor words = new(line);
            int id = (int)words.ReadNumber();
            words.ReadWord();
            ReadOnlySpan<byte> device = words.ReadWord();
            int colon = device.IndexOf((byte)':');
            if (colon > 0)
            {
                table._devices[id] = DeviceNumber.Of((uint)TextCursor.Number(device[..colon]), (uint)TextCursor.Number(device[(colon + 1)..]));
            }
        }
        return table;
    }

    /// <summary>False for mounts of other namespaces, and for those that the kernel keeps to itself (memfd, message queues).</summary>
    public bool TryGetDevice(int mountId, out ulong device) => _devices.TryGetValue(mountId, out device);
}
