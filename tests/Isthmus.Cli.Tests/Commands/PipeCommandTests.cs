using System.Globalization;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Cli.Tests.Commands;

public sealed class PipeCommandTests
{
    [Fact]
    public void Info_tells_readers_writers_and_fill_of_a_pipe_of_another_process()
    {
        using AnonymousPipe pipe = AnonymousPipe.Create();
        pipe.Writer.Write([1, 2, 3, 4]);
        (string text, int exitCode) = Tool.Run("pipe", "info", Of(pipe.Reader.Handle), "--json");
        Assert.Equal(0, exitCode);
        JsonElement info = System.Text.Json.JsonDocument.Parse(text).RootElement;
        Assert.Equal("pipe", info.GetProperty("object").GetProperty("kind").GetString());
        Assert.Equal(4, info.GetProperty("waiting").GetInt32());
        // A child that another test starts just now may hold copies until its exec.
        JsonElement reader = info.GetProperty("readers").EnumerateArray()
            .First(holder => holder.GetProperty("process").GetProperty("pid").GetInt32() == Environment.ProcessId);
        Assert.Equal((int)pipe.Reader.Handle.DangerousGetHandle(), reader.GetProperty("descriptor").GetInt32());
        Assert.Equal(ProcessIdentity.Current.StartTime, reader.GetProperty("process").GetProperty("start").GetInt64());

        (string plain, _) = Tool.Run("pipe", "info", Of(pipe.Writer.Handle));
        Assert.Contains("waiting:  4 bytes", plain, StringComparison.Ordinal);
        Assert.Contains($"{Of(pipe.Reader.Handle)} (", plain, StringComparison.Ordinal);
    }

    [Fact]
    public void Info_of_what_is_no_pipe_says_what_it_is()
    {
        using SafeFileHandle file = File.OpenHandle("/dev/null");
        Tool.AssertFails(3, "character device", "pipe", "info", Of(file));
        Tool.AssertFails(3, "ENOENT", "pipe", "info", string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}:1000000"));
    }

    [Theory]
    [InlineData("1234")]
    [InlineData("1234:")]
    [InlineData(":1")]
    [InlineData("0:1")]
    [InlineData("1:2:3")]
    [InlineData("-1:2")]
    public void Bad_input_is_refused_in_one_line(string text) => Tool.AssertFails(2, "names no descriptor", "pipe", "info", "--", text);

    private static string Of(SafeFileHandle handle) =>
        string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}:{handle.DangerousGetHandle()}");
}
