using Isthmus.Cli.Inspection;

namespace Isthmus.Cli.Tests;

public sealed class PrintableTests
{
    [Theory]
    [InlineData("plain text, \u4E2D\u6587", "plain text, \u4E2D\u6587")]
    [InlineData("\u001b[31mred\u0007", "\\x1b[31mred\\x07")]
    [InlineData("two\nlines\u009b", "two\\x0alines\\x9b")]
    [InlineData("txt.\u202Eexe", "txt.\\u202eexe")]
    public void What_is_no_character_to_see_is_written_as_its_number(string text, string expected) => Assert.Equal(expected, Printable.Of(text));
}
