using System.Text;
using Isthmus.Inspection;

namespace Isthmus.Tests.Reading;

/// <summary>
/// No text makes a parser fail or hang, however it is cut or scrambled: names in it are chosen by others, and kernels to come will print more.
/// </summary>
public sealed class GarbageTests
{
    private const int Seed = 20261121;

    private static readonly string[] s_files = ["maps", "smaps", "status", "limits", "mountinfo", "net/unix", "net/tcp", "net/tcp6", "syscall", "fdinfo/0"];

    private static readonly Action<byte[]>[] s_parsers =
    [
        text => MapsText.Parse(text, []),
        text => AddressSpaceText.Parse(text, new Dictionary<int, ulong> { [1] = 1 }),
        text => StatusText.Parse(text),
        text => LimitsText.Parse(text),
        text => MountTable.Parse(text),
        text => ProcNet.ParseUnix(text, []),
        text => ProcNet.ParseInet(text, NodeKind.TcpSocket, []),
        text => SystemCall.TryParse(text, out _),
        text => SystemVTables.Parse(NodeKind.SystemVSharedMemory, text),
        text => FileName.Unescape(text),
        Descriptor,
        Locks,
    ];

    [Fact]
    public void No_parser_fails_on_scrambled_texts()
    {
        Random random = new(Seed);
        byte[][] texts = [.. s_files.Select(file => File.ReadAllBytes("/proc/self/" + file)), .. s_recorded.Select(Encoding.UTF8.GetBytes)];
        for (int round = 0; round < 1000; round++)
        {
            foreach (byte[] text in texts)
            {
                byte[] scrambled = Scramble(text, random);
                foreach (Action<byte[]> parse in s_parsers)
                {
                    parse(scrambled);
                }
            }
        }
    }

    private static readonly string[] s_recorded =
    [
        "",
        "1: POSIX  ADVISORY  WRITE 10995 fe:00:11663101 0 EOF\n1: -> POSIX  ADVISORY  WRITE 10996 fe:00:11663101 5 9\n",
        "flags:\t02\nmnt_id:\t1\nino:\t2\ntfd:        4 events:       19 data:     7f6300000004  pos:0 ino:40e sdev:10\n"
        + "inotify wd:1 ino:3c570 sdev:fe00000\nlock:\t1: FLOCK  ADVISORY  READ 1 fe:00:9 0 EOF\n",
        "       key      shmid perms                  size  cpid  lpid nattch   uid   gid\n-5   10747921  1600     4096 12266 12267      1  1000   100\n",
        "202 0x559fb6214280 0x189 0x0 0x0 0x0 0xffffffff 0x7ffc74700060 0x7fa111ea3e96\n",
        @"/tmp/a\012b\134",
    ];

    private static void Descriptor(byte[] text)
    {
        DescriptorFile file = new(text);
        List<LockLine>? locks = null;
        file.AddLocks(ref locks);
        _ = (file.Flags, file.MountId, file.Inode, file.EventCount, file.EventId);
        _ = (file.SignalMask, file.ProcessId, file.TerminalIndex, file.ClockId, file.Ticks);
        _ = (file.EpollTargets(), file.InotifyTargets());
    }

    private static void Locks(byte[] text)
    {
        TextCursor lines = new(text);
        while (lines.TryReadLine(out ReadOnlySpan<byte> line))
        {
            if (LockLine.TryParse(line, out LockLine found))
            {
                _ = FileLockNode.Of(found, default, null);
            }
        }
    }

    // Cut somewhere, some bytes replaced by those that mean something.
    private static byte[] Scramble(byte[] text, Random random)
    {
        int start = random.Next(text.Length + 1);
        byte[] scrambled = text[start..Math.Min(text.Length, start + random.Next(600))];
        ReadOnlySpan<byte> special = " \t\n:-0x/[](9"u8;
        for (int change = random.Next(8); change > 0 && scrambled.Length > 0; change--)
        {
            scrambled[random.Next(scrambled.Length)] = special[random.Next(special.Length)];
        }
        return scrambled;
    }
}
