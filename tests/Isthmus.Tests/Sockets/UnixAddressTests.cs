using System.Text;
using Isthmus.Native;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Sockets;

public sealed class UnixAddressTests
{
    [Fact]
    public void Parse_reads_paths_and_abstract_names()
    {
        UnixAddress path = UnixAddress.Parse("/run/x");
        Assert.Equal(("/run/x", false, "/run/x"), (path.Path, path.IsAbstract, path.ToString()));
        UnixAddress name = UnixAddress.Parse("@x");
        Assert.Equal((null, true, "@x"), (name.Path, name.IsAbstract, name.ToString()));
        Assert.Equal("x"u8, name.Name.Span);
    }

    [Theory]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("a\0b")]
    public void Parse_refuses_what_is_no_name(string text) => Assert.ThrowsAny<ArgumentException>(() => UnixAddress.Parse(text));

    [Fact]
    public void Names_have_107_bytes_at_most()
    {
        Assert.Equal(107, UnixAddress.FromPath(new string('a', 107)).Name.Length);
        Assert.Throws<PathTooLongException>(() => UnixAddress.FromPath(new string('a', 108)));
        Assert.Throws<PathTooLongException>(() => UnixAddress.FromPath(new string('ä', 54)));
        Assert.Equal(107, UnixAddress.FromAbstract(new byte[107]).Name.Length);
        Assert.Throws<ArgumentException>(() => UnixAddress.FromAbstract(new byte[108]));
    }

    [Fact]
    public void Equal_names_are_equal_and_an_abstract_one_is_no_path()
    {
        Assert.Equal(UnixAddress.FromPath("x"), UnixAddress.Parse("x"));
        Assert.Equal(UnixAddress.FromPath("x").GetHashCode(), UnixAddress.Parse("x").GetHashCode());
        Assert.NotEqual(UnixAddress.FromPath("x"), UnixAddress.FromAbstract("x"u8));
    }

    [Fact]
    public void Abstract_names_print_any_byte() =>
        Assert.Equal(@"@a\x00b\xff\x5c", UnixAddress.FromAbstract([.. "a"u8, 0, .. "b"u8, 0xFF, .. @"\"u8]).ToString());

    [Fact]
    public void The_longest_path_and_an_abstract_name_with_NULs_work_and_come_back_from_the_kernel()
    {
        using TemporaryDirectory directory = new();
        UnixAddress path = UnixAddress.FromPath(directory["x"].PadRight(107, 'x'));
        UnixAddress name = UnixAddress.FromAbstract([0, 0xFF, 0, .. Encoding.UTF8.GetBytes(Guid.NewGuid().ToString())]);
        foreach (UnixAddress address in (UnixAddress[])[path, name])
        {
            using UnixListener listener = UnixListener.Create(address);
            using UnixSocket client = UnixSocket.Connect(address);
            Assert.Equal(address, listener.Address);
            Assert.Equal(address, client.PeerAddress);
            Assert.Equal(UnixAddress.Unnamed, client.Address);
        }
    }

    [Fact]
    public void IsBound_tells_the_living_from_the_dead_and_disturbs_nobody()
    {
        using TemporaryDirectory directory = new();
        UnixAddress address = UnixAddress.FromPath(directory["s"]);
        Assert.False(address.IsBound());
        using (UnixListener listener = UnixListener.Create(address))
        {
            Assert.True(address.IsBound());
            Assert.False(listener.TryAccept(TimeSpan.Zero, out _));
        }
        DeadSocket.Await(address);
        Assert.True(File.Exists(address.Path));
    }

    [Fact]
    public void Unlink_removes_sockets_only()
    {
        using TemporaryDirectory directory = new();
        UnixAddress address = UnixAddress.FromPath(directory["s"]);
        UnixListener.Create(address).Dispose();
        address.Unlink();
        Assert.False(File.Exists(address.Path));
        Assert.Throws<FileNotFoundException>(address.Unlink);

        File.WriteAllText(directory["file"], "precious");
        Assert.Equal(Errno.ENOTSOCK, Assert.Throws<PosixException>(UnixAddress.FromPath(directory["file"]).Unlink).Errno);
        File.CreateSymbolicLink(directory["link"], directory["file"]);
        Assert.Equal(Errno.ELOOP, Assert.Throws<PosixException>(UnixAddress.FromPath(directory["link"]).Unlink).Errno);
        Assert.True(File.Exists(directory["file"]));
        Assert.Throws<InvalidOperationException>(UnixAddress.Parse("@x").Unlink);
    }

    [Fact]
    public void Stat_tells_owner_and_mode()
    {
        using TemporaryDirectory directory = new();
        UnixAddress address = UnixAddress.FromPath(directory["s"]);
        UnixListener.Create(address, new() { Mode = UnixFileMode.UserWrite | UnixFileMode.GroupWrite }).Dispose();
        Assert.Equal(new UnixSocketFile(UnixFileMode.UserWrite | UnixFileMode.GroupWrite, LibC.geteuid(), LibC.getegid()), address.Stat());
        Assert.Throws<InvalidOperationException>(() => UnixAddress.Parse("@x").Stat());
    }
}
