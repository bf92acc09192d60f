using System.Globalization;
using Isthmus.Native;
using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Pipes;

public sealed class PipeInfoTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Name => _directory["fifo"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_pipe_is_told_by_either_end()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create(new AnonymousPipeOptions { Capacity = 8192 });
        pipe.Writer.Write([1, 2, 3]);
        PipeInfo info = PipeInfo.OfDescriptor(Environment.ProcessId, Number(pipe.Reader.Handle));
        Assert.Equal(info.Inode, PipeInfo.OfDescriptor(Environment.ProcessId, Number(pipe.Writer.Handle)).Inode);
        Assert.Null(info.Path);
        Assert.Equal(8192, info.Capacity);
        Assert.Equal(3, info.BytesWaiting);
        Assert.Contains(new PipeHolder(Environment.ProcessId, Number(pipe.Reader.Handle), FileAccess.Read), info.Holders);
        Assert.Contains(new PipeHolder(Environment.ProcessId, Number(pipe.Writer.Handle), FileAccess.Write), info.Holders);
    }

    [Fact]
    public async Task A_descriptor_that_closes_meanwhile_hides_no_other()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create();
        // Its number is above those that come and go.
        using SafeFileHandle high = new(LibC.Check(LibC.fcntl(pipe.Reader.Handle, LibC.F_DUPFD_CLOEXEC, 1000)), ownsHandle: true);
        using CancellationTokenSource stop = new();
        Task churning = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                LibC.close(LibC.fcntl(pipe.Reader.Handle, LibC.F_DUPFD_CLOEXEC));
            }
        });
        for (int round = 0; round < 500; round++)
        {
            IReadOnlyList<PipeHolder> holders = PipeSearch.Run(FileStatus.Of(high), [Environment.ProcessId]).Holders;
            Assert.Contains(new PipeHolder(Environment.ProcessId, Number(high), FileAccess.Read), holders);
        }
        await stop.CancelAsync();
        await churning.OrHang();
    }

    [Fact]
    public void A_FIFO_is_told_by_its_name_with_those_who_hold_it_in_other_processes()
    {
        Fifo.Create(Name);
        using PipeReadEnd reader = Fifo.OpenRead(Name);
        using Child child = Child.Start(HoldWriter, Name);
        int descriptor = int.Parse(child.ReadLine(), CultureInfo.InvariantCulture);
        PipeInfo info = PipeInfo.OfFifo(Name);
        Assert.Equal(Name, info.Path);
        Assert.Equal(65_536, info.Capacity);
        Assert.Equal(2, info.BytesWaiting);
        Assert.Contains(new PipeHolder(child.Id, descriptor, FileAccess.Write), info.Holders);
        Assert.Equal(Name, PipeInfo.OfDescriptor(child.Id, descriptor).Path);
        child.WriteLine("close");
        Assert.Equal(0, child.WaitForExit());
    }

    [Fact]
    public void Looking_does_not_disturb()
    {
        Fifo.Create(Name);
        Assert.Null(PipeInfo.OfFifo(Name).Capacity);
        using PipeReadEnd reader = Fifo.OpenRead(Name);
        PipeInfo info = PipeInfo.OfFifo(Name);
        Assert.All(info.Holders, holder => Assert.Equal(FileAccess.Read, holder.Access));
        Assert.NotEmpty(info.Holders);
        // A writer that had come and gone would be the end.
        Assert.False(reader.TryRead(new byte[1], TimeSpan.Zero, out _));
    }

    [Fact]
    public void What_is_not_there_or_no_pipe_is_refused()
    {
        using AnonymousMemory memory = AnonymousMemory.Create(1);
        PosixException error = Assert.Throws<PosixException>(() => PipeInfo.OfDescriptor(Environment.ProcessId, Number(memory.Handle)));
        Assert.Equal(Errno.EINVAL, error.Errno);
        Assert.Throws<FileNotFoundException>(() => PipeInfo.OfDescriptor(Environment.ProcessId, 1_000_000));
        Assert.Throws<FileNotFoundException>(() => PipeInfo.OfDescriptor(int.MaxValue, 0));
        Assert.Throws<FileNotFoundException>(() => PipeInfo.OfFifo(Name));
        File.WriteAllText(Name, "");
        Assert.Throws<PosixException>(() => PipeInfo.OfFifo(Name));
        Assert.Throws<PosixException>(() => Fifo.Stat(Name));
    }

    [Fact]
    public void Stat_tells_mode_and_owner()
    {
        Fifo.Create(Name, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite);
        FifoStatus status = Fifo.Stat(Name);
        Assert.Equal(File.GetUnixFileMode(Name), status.Mode);
        Assert.Equal(LibC.geteuid(), status.UserId);
        Assert.Equal(PipeInfo.OfFifo(Name).Inode, status.Inode);
    }

    private static void HoldWriter(string[] args)
    {
        using PipeWriteEnd writer = Fifo.OpenWrite(args[0]);
        writer.Write([1, 2]);
        Console.WriteLine(Number(writer.Handle));
        Console.ReadLine();
    }

    private static int Number(SafeFileHandle handle) => (int)handle.DangerousGetHandle();
}
