using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Pipes;

/// <summary>
/// Expects EPIPE. Writes until it comes: a child that another test starts just now may hold a copy of the read end until its exec. A full pipe
/// waits for that.
/// </summary>
internal static class Broken
{
    public static PosixException Pipe(Action write)
    {
        return Check(Assert.Throws<PosixException>(WriteOnAndOn));

        void WriteOnAndOn()
        {
            while (true)
            {
                write();
            }
        }
    }

    public static async Task<PosixException> PipeAsync(Func<ValueTask> write) => Check(await Assert.ThrowsAsync<PosixException>(async () =>
    {
        while (true)
        {
            await write().OrHang();
        }
    }));

    private static PosixException Check(PosixException error)
    {
        Assert.Equal(Errno.EPIPE, error.Errno);
        return error;
    }
}
