namespace Isthmus.Tests.Native;

public sealed class PosixExceptionTests
{
    [Theory]
    [InlineData(Errno.ENOENT, typeof(FileNotFoundException))]
    [InlineData(Errno.ENOTDIR, typeof(DirectoryNotFoundException))]
    [InlineData(Errno.ENAMETOOLONG, typeof(PathTooLongException))]
    [InlineData(Errno.EACCES, typeof(UnauthorizedAccessException))]
    [InlineData(Errno.EPERM, typeof(UnauthorizedAccessException))]
    [InlineData(Errno.ENOSYS, typeof(PlatformNotSupportedException))]
    public void An_error_that_the_BCL_knows_is_thrown_as_the_BCL_does_and_keeps_its_errno(Errno errno, Type type)
    {
        Exception error = PosixException.From(errno, "open", "/x");
        Assert.IsType(type, error);
        PosixException inner = Assert.IsType<PosixException>(error.InnerException);
        Assert.Equal(errno, inner.Errno);
        Assert.Equal(error.Message, inner.Message);
    }

    [Fact]
    public void The_message_has_call_text_errno_name_and_what_to_do()
    {
        PosixException error = Assert.IsType<PosixException>(PosixException.From(Errno.EEXIST, "LibC.mkfifo(path, 0600)", "/run/x", "Unlink it first."));
        Assert.Equal("mkfifo: File exists (EEXIST) '/run/x'. Unlink it first.", error.Message);
        Assert.Equal(("mkfifo", "/run/x", (int)Errno.EEXIST), (error.Call, error.ObjectName, error.HResult));
    }
}
