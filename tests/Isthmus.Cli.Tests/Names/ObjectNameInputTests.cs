using System.CommandLine;
using Isthmus.Cli.Names;

namespace Isthmus.Cli.Tests.Names;

public sealed class ObjectNameInputTests
{
    [Fact]
    public void A_slash_is_a_POSIX_object_0x_a_key_and_a_number_an_id()
    {
        Assert.Equal(new ObjectName.Posix("/jobs"), Read("/jobs"));
        Assert.Equal(new ObjectName.Key(new SystemVKey(0xbeef)), Read("0xbeef"));
        Assert.Equal(new ObjectName.Id(17), Read("17"));
    }

    [Fact]
    public void A_bare_word_is_an_object_of_Isthmus_where_there_are_such()
    {
        Command command = new("info");
        ObjectNameInput input = ObjectNameInput.AddTo(command, acceptsShared: true);
        Assert.Equal(new ObjectName.Shared("jobs"), input.Get(command.Parse(["jobs"])));
        Assert.Equal(new ObjectName.Id(17), input.Get(command.Parse(["17"])));
    }

    [Theory]
    [InlineData("0x")]
    [InlineData("0x1ffffffff")]
    [InlineData("99999999999")]
    [InlineData("-5")]
    public void A_bad_key_or_id_is_no_bare_word(string text)
    {
        Command command = new("info");
        ObjectNameInput.AddTo(command, acceptsShared: true);
        Assert.NotEmpty(command.Parse(["--", text]).Errors);
    }

    [Fact]
    public void A_key_file_stands_for_the_key_that_ftok_makes()
    {
        Assert.Equal(new ObjectName.Key(SystemVKey.FromFile("/etc/passwd")), Read("--key-file", "/etc/passwd"));
        Assert.Equal(
            new ObjectName.Key(SystemVKey.FromFile("/etc/passwd", 7)), Read("--key-file", "/etc/passwd", "--key-project", "7"));
    }

    [Theory]
    [InlineData("jobs")]
    [InlineData("/")]
    [InlineData("/a/b")]
    [InlineData("/..")]
    [InlineData("-")]
    [InlineData("0x")]
    [InlineData("4294967296")]
    [InlineData]
    [InlineData("/jobs", "--key-file", "/etc/passwd")]
    [InlineData("/jobs", "--key-project", "3")]
    [InlineData("--key-file", "/etc/passwd", "--key-project", "0")]
    [InlineData("--key-file", "/etc/passwd", "--key-project", "256")]
    [InlineData("--key-file", "/etc/passwd", "--key-project", "x")]
    public void What_names_nothing_or_two_things_is_refused(params string[] arguments) => Assert.NotEmpty(Parse(arguments).Line.Errors);

    private static ObjectName Read(params string[] arguments)
    {
        (ParseResult line, ObjectNameInput input) = Parse(arguments);
        Assert.Empty(line.Errors);
        return input.Get(line);
    }

    private static (ParseResult Line, ObjectNameInput Input) Parse(string[] arguments)
    {
        Command command = new("info");
        ObjectNameInput input = ObjectNameInput.AddTo(command);
        return (command.Parse(arguments), input);
    }
}
