using System.Text;
using Isthmus.Inspection;

namespace Isthmus.Tests.Reading;

/// <summary>The kernel's texts, as recorded on several machines.</summary>
public sealed class ParserTests
{
    [Theory]
    [InlineData("1: POSIX  ADVISORY  WRITE 10995 fe:00:11663 0 EOF", FileLockFlavour.Posix, FileLockMode.Exclusive, 10995, 11663, 0, long.MaxValue, false)]
    [InlineData("2: FLOCK  ADVISORY  READ 77 08:01:5 0 EOF", FileLockFlavour.Flock, FileLockMode.Shared, 77, 5, 0, long.MaxValue, false)]
    [InlineData("3: OFDLCK ADVISORY  WRITE -1 fe:00:9 100 149", FileLockFlavour.Ofd, FileLockMode.Exclusive, -1, 9, 100, 149, false)]
    [InlineData("3: -> OFDLCK ADVISORY  READ -1 fe:00:9 0 10", FileLockFlavour.Ofd, FileLockMode.Shared, -1, 9, 0, 10, true)]
    [InlineData("12:  -> FLOCK  ADVISORY  WRITE 78 08:01:5 0 EOF", FileLockFlavour.Flock, FileLockMode.Exclusive, 78, 5, 0, long.MaxValue, true)]
    [InlineData("4: LEASE  BREAKING  READ 3108 08:01:5393 0 EOF", FileLockFlavour.Lease, FileLockMode.Shared, 3108, 5393, 0, long.MaxValue, false)]
    [InlineData("5: DELEG  ACTIVE    READ 3108 08:01:5393 0 EOF", FileLockFlavour.Delegation, FileLockMode.Shared, 3108, 5393, 0, long.MaxValue, false)]
    public void A_line_of_locks(string text, FileLockFlavour flavour, FileLockMode mode, int process, ulong inode, long start, long end, bool waits)
    {
        Assert.True(LockLine.TryParse(Bytes(text), out LockLine line));
        Assert.Equal((flavour, mode, process, inode), (line.Flavour, line.Mode, line.ProcessId, line.Inode));
        Assert.Equal((start, end, waits), (line.Start, line.End, line.IsWaiting));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1: UNKNOWN UNKNOWN READ 1 <none>:0 0 EOF")]
    [InlineData("1: POSIX  ADVISORY  WRITE 10995 <none> 0 EOF")]
    [InlineData("1:")]
    public void What_is_no_line_of_locks_is_passed_over(string text) => Assert.False(LockLine.TryParse(Bytes(text), out _));

    [Fact]
    public void A_line_of_maps()
    {
        Assert.True(MapLine.TryParse(Bytes("7f6316392000-7f6316393000 rw-s 00001000 00:01 106468                     /memfd:a b (deleted)"), out MapLine map));
        Assert.Equal((0x7f6316392000ul, 4096L, true, true, false, true), (map.Start, map.Length, map.CanRead, map.CanWrite, map.CanExecute, map.IsShared));
        Assert.Equal((1ul, 106468ul, "/memfd:a b (deleted)"), (map.Device, map.Inode, Encoding.UTF8.GetString(map.Name)));
        Assert.True(MapLine.TryParse(Bytes("ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]"), out map));
        Assert.False(map.CanRead);
        Assert.True(MapLine.TryParse(Bytes("5581-5582 r--p 00000000 fe:00 1 "), out map));
        Assert.True(map.Name.IsEmpty);
        Assert.False(MapLine.TryParse(Bytes("Rss:                  12 kB"), out _));
        Assert.False(MapLine.TryParse(default, out _));
    }

    [Theory]
    [InlineData(@"/tmp/a\012b", "/tmp/a\nb")]
    [InlineData(@"/tmp/a\134012", @"/tmp/a\012")]
    [InlineData(@"/tmp/\", @"/tmp/\")]
    [InlineData(@"/tmp/\9", @"/tmp/\9")]
    [InlineData("/tmp/ä", "/tmp/ä")]
    public void Escapes_in_names_are_undone(string printed, string name) => Assert.Equal(name, FileName.Unescape(Bytes(printed)));

    [Fact]
    public void The_status_of_a_process()
    {
        StatusText status = StatusText.Parse(Bytes(
            "Name:\tsome Uid:\nUid:\t1000\t0\t0\t0\nGid:\t1000\t5\t5\t5\nNSpid:\t4711\t12\t1\nVmRSS:\t     596 kB\nThreads:\t1\nSigCgt:\t0000000180000002\n"));
        Assert.Equal((1000u, 0u, 5u), (status.RealUser, status.EffectiveUser, status.EffectiveGroup));
        Assert.Equal((1, 596 * 1024L), (status.InnermostId, status.ResidentBytes));
        Assert.Equal(0x180000002ul, status.CaughtSignals);
        Assert.Null(StatusText.Parse(Bytes("Uid:\t0\t0\t0\t0\n")).ResidentBytes);
    }

    [Fact]
    public void Descriptors_of_all_kinds()
    {
        DescriptorFile file = new(Bytes("pos:\t0\nflags:\t02100002\nmnt_id:\t27\nino:\t11663356\nlock:\t1: POSIX  ADVISORY  WRITE 5 fe:00:11663356 0 9\n"));
        Assert.Equal((0x88002, 27, 11663356ul), (file.Flags, file.MountId, file.Inode));
        List<LockLine>? locks = null;
        file.AddLocks(ref locks);
        Assert.Equal(9, Assert.Single(locks!).End);

        DescriptorFile old = new(Bytes("pos:\t0\nflags:\t02\nmnt_id:\t17\n"));
        Assert.Null(old.Inode);

        DescriptorFile events = new(Bytes("flags:\t02\nmnt_id:\t17\nino:\t1038\neventfd-count:                3\neventfd-id: 12\neventfd-semaphore: 0\n"));
        Assert.Equal((3L, 12ul), (events.EventCount, events.EventId));

        DescriptorFile timer = new(Bytes("flags:\t02\nclockid: 1\nticks: 4\nsettime flags: 00\nit_value: (0, 0)\n"));
        Assert.Equal((1, 4L), (timer.ClockId, timer.Ticks));

        DescriptorFile set = new(Bytes(
            "flags:\t02\ntfd:        4 events:       19 data:     7f6300000004  pos:0 ino:40e sdev:10\n"
            + "tfd:       11 events:        4 data: b  pos:0 ino:12e09d0 sdev:f\n"));
        Assert.Equal([new EpollTarget(4, 0x40e, FileAccess.Read), new EpollTarget(11, 0x12e09d0, FileAccess.Write)], set.EpollTargets());

        DescriptorFile watch = new(Bytes("flags:\t00\ninotify wd:1 ino:3c570 sdev:fe00000 mask:2 ignored_mask:0 fhandle-bytes:8\n"));
        Assert.Equal([(0xfe_0000_0000ul, 0x3c570ul)], watch.InotifyTargets());

        DescriptorFile process = new(Bytes("pos:\t0\nflags:\t02000002\nmnt_id:\t4\nino:\t953073\nPid:\t12266\nNSpid:\t12266\n"));
        Assert.Equal(12266, process.ProcessId);
    }

    [Fact]
    public void Mounts()
    {
        MountTable mounts = MountTable.Parse(Bytes("24 27 0:6 / /dev rw,relatime - devtmpfs devtmpfs rw\n27 1 254:0 / / rw - ext4 /dev/vda rw\n"));
        Assert.True(mounts.TryGetDevice(27, out ulong device));
        Assert.Equal("fe:00", $"{DeviceNumber.Major(device):x2}:{DeviceNumber.Minor(device):x2}");
        Assert.False(mounts.TryGetDevice(0, out _));
    }

    [Fact]
    public void Mounts_whose_numbers_are_the_kernels_own()
    {
        MountTable mounts = MountTable.Parse(Bytes("""
            24 27 0:6 / /dev rw,relatime - devtmpfs devtmpfs rw
            27 1 254:0 / / rw shared:1 master:2 - ext4 /dev/vda rw
            30 27 0:30 / /merged\040- rw - overlay overlay rw,lowerdir=/a - ext4
            31 27 0:31 / /far rw - nfs4 host:/x rw
            32 27 0:32 / /broken rw

            """));
        Assert.Equal([true, true, false, false, false, false], ((int[])[24, 27, 30, 31, 32, 99]).Select(mounts.IsPlain));
    }

    [Fact]
    public void System_calls()
    {
        Assert.True(SystemCall.TryParse(Bytes("0 0x3 0x7fa11188aa80 0x1 0x559f 0x0 0x0 0x7ffc74700168 0x7fa111f162ad\n"), out SystemCall call));
        Assert.Equal((3ul, 0x7fa11188aa80ul, 0x7ffc74700168ul), (call[0], call[1], call.StackPointer));
        Assert.False(SystemCall.TryParse(Bytes("running\n"), out _));
        Assert.False(SystemCall.TryParse(Bytes("-1 0x7ffc 0x7fa1\n"), out _));
        // A 32-bit program counts its calls otherwise.
        Assert.True(SystemCall.TryParse(Bytes("3 0x0 0x0 0x0 0x0 0x0 0x0 0xffb5d4f0 0xf7f1c549\n"), out call));
        Assert.Null(call.Name);
    }

    [Fact]
    public void Sockets_of_the_text_tables()
    {
        List<SocketNode> sockets = [];
        ProcNet.ParseUnix(Bytes(
            "Num RefCount Protocol Flags Type St Inode Path\n00000000: 00000002 00000000 00010000 0001 01 1643 /run/a b.sock\n"
            + "00000000: 00000003 00000000 00000000 0002 03    52\n00000000: 00000003 00000000 00000000 0005 01    53 @abstract\n"), sockets);
        ProcNet.ParseInet(Bytes(
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
            + "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000003 00:00000000 00000000  1000        0 77 1 00 100 0 0 10 0\n"
            + "   1: 0000000000000000FFFF00000100007F:1F90 0000000000000000FFFF00000100007F:C001 01 00000000:00000010 00:00000000 00000000 "
            + "    0        0 78 1 0\n"
            + "   2: 0100007F:1F90 0100007F:C002 06 00000000:00000000 03:00000000 00000000     0        0 0 3 0\n"), NodeKind.TcpSocket, sockets);
        Assert.Equal(
            [
                (1643, "/run/a b.sock", SocketForm.Stream, SocketState.Listening, null),
                (52, null, SocketForm.Datagram, SocketState.Established, null),
                (53, "@abstract", SocketForm.SequencedPacket, SocketState.Closed, null),
                (77, "127.0.0.1:8080", SocketForm.Stream, SocketState.Listening, null),
                (78, "127.0.0.1:8080", SocketForm.Stream, SocketState.Established, "127.0.0.1:49153"),
            ],
            sockets.Select(each => ((int)each.Id.Number, each.Name, each.Form, each.State, each.PeerName)));
        Assert.Equal((1000u, 3L, 16L), (sockets[3].UserId, sockets[3].Fill, sockets[4].Fill));
    }

    [Fact]
    public void Limits()
    {
        List<ResourceLimit> limits = LimitsText.Parse(Bytes(
            "Limit                     Soft Limit           Hard Limit           Units     \n"
            + "Max cpu time              unlimited            unlimited            seconds   \n"
            + "Max open files            1024                 4096                 files     \n"));
        Assert.Equal([new ResourceLimit(LimitedResource.CpuTime, null, null), new ResourceLimit(LimitedResource.DescriptorCount, 1024, 4096)], limits);
    }

    [Fact]
    public void System_V_tables()
    {
        SystemVNode segment = Assert.Single(SystemVTables.Parse(NodeKind.SystemVSharedMemory, Bytes(
            "       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid\n"
            + "-559038737   10747921  1600                  4096 12266 12267      1  1000   100     0     0\n")));
        Assert.Equal(("0xdeadbeef", 4096, 1), (segment.Name, segment.Size, segment.AttachedCount));
        Assert.Equal((12266, 12267), (segment.CreatorProcessId, segment.LastProcessId));
        Assert.Equal((1000u, 100u, true), (segment.UserId, segment.GroupId, segment.IsDeleted));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
