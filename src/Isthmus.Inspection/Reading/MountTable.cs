using System.Collections.Frozen;
using System.Text;

namespace Isthmus.Inspection;

/// <summary>
/// Which device each mount of this process's mount namespace shows (<c>/proc/self/mountinfo</c>). It is the number that the kernel's lock
/// tables and memory maps print, which on some file systems differs from that of <c>stat(2)</c>.
/// </summary>
internal sealed class MountTable
{
    // Those whose files have the number in stat(2) that the kernel has itself: an overlay, or a file system of another machine, may show another one.
    private static readonly FrozenSet<string> s_plainTypes = FrozenSet.Create(
        StringComparer.Ordinal, "btrfs", "devpts", "devtmpfs", "ext2", "ext3", "ext4", "f2fs", "proc", "ramfs", "sysfs", "tmpfs", "xfs");

    private readonly Dictionary<int, ulong> _devices = [];
    private readonly HashSet<int> _plain = [];

    private MountTable()
    {
    }

    /// <summary>Reads <c>36 35 98:0 /root /mountpoint rw shared:7 - ext4 /dev/vda rw</c>, a mount a line.</summary>
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
            if (s_plainTypes.Contains(TypeIn(words.Rest)))
            {
                table._plain.Add(id);
            }
        }
        return table;
    }

    /// <summary>The kernel's own number of a file there is that which <c>stat(2)</c> tells. False where that is not sure.</summary>
    public bool IsPlain(int mountId) => _plain.Contains(mountId);

    /// <summary>False for mounts of other namespaces, and for those that the kernel keeps to itself (memfd, message queues).</summary>
    public bool TryGetDevice(int mountId, out ulong device) => _devices.TryGetValue(mountId, out device);

    // Behind a dash, as there may be any number of words before it; blanks in paths are printed as codes.
    private static string TypeIn(ReadOnlySpan<byte> rest)
    {
        ReadOnlySpan<byte> mark = " - "u8;
        int dash = rest.IndexOf(mark);
        return dash < 0 ? "" : Encoding.UTF8.GetString(new TextCursor(rest[(dash + mark.Length)..]).ReadWord());
    }
}
