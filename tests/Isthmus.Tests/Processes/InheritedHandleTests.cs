using System.Runtime.InteropServices;
using System.Text;
using Isthmus.Tests.Harness;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Processes;

/// <summary>A descriptor that a parent hands over by number is taken up once, and nothing else by mistake.</summary>
public sealed class InheritedHandleTests
{
    [Fact]
    public async Task A_descriptor_handed_over_can_be_taken_once()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create();
        CapturedOutput result = await ChildProcess.RunAsync(new ChildProcessOptions
        {
            FileName = Environment.ProcessPath!,
            Arguments = Child.Arguments(TakeAndWrite),
            Descriptors = new Dictionary<int, SafeHandle> { [30] = pipe.Writer.Handle },
        }).OrHang();
        Assert.Equal("second: InvalidOperationException\n", result.OutputText);
        Assert.Equal("", result.ErrorText);
        byte[] buffer = new byte[100];
        int count = pipe.Reader.Read(buffer);
        Assert.Equal("from the child", Encoding.UTF8.GetString(buffer, 0, count));
    }

    [Fact]
    public void What_is_not_open_or_our_own_is_refused()
    {
        Assert.Equal(Errno.EBADF, Assert.Throws<PosixException>(() => InheritedHandle.Take(19_999)).Errno);
        Assert.Throws<ArgumentOutOfRangeException>(() => InheritedHandle.Take(2));
        using AnonymousPipe ours = AnonymousPipe.Create();
        Assert.Throws<InvalidOperationException>(() => InheritedHandle.Take((int)ours.Reader.Handle.DangerousGetHandle()));
    }

    private static void TakeAndWrite(string[] args)
    {
        using SafeFileHandle handle = InheritedHandle.Take(30);
        using PipeWriteEnd pipe = PipeWriteEnd.FromHandle(handle);
        pipe.Write("from the child"u8);
        try
        {
            InheritedHandle.Take(30).Dispose();
        }
        catch (InvalidOperationException error)
        {
            Console.WriteLine("second: " + error.GetType().Name);
        }
    }
}
