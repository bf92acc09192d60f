using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Isthmus.Web.Tests;

/// <summary>The server without a browser: where it listens, what it streams, how it ends.</summary>
public sealed class ServerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_stream_begins_with_everything_and_goes_on_with_what_has_changed()
    {
        using Server server = Server.Start();
        using HttpClient client = server.CreateClient();
        using Planted pair = Planted.Pair();
        using StreamReader frames = new(await client.GetStreamAsync($"/events?token={server.Token}", Cancellation));

        JsonElement first = await ReadAsync(frames);
        Assert.True(first.GetProperty("full").GetBoolean());
        Assert.Contains(first.GetProperty("processes").EnumerateArray(), each => each.GetProperty("pid").GetInt64() == pair.Numbers[0]);
        string pipe = $"pipe:{pair.Numbers[2]}";
        JsonElement channel = first.GetProperty("channels").EnumerateArray().Single(each => each.GetProperty("key").GetString() == pipe);
        Assert.Equal(["w", "r"], channel.GetProperty("ends").EnumerateArray().Select(end => end.GetProperty("role").GetString()!.TrimEnd('?')));

        Planted.Kill(pair.Numbers[1]);
        JsonElement next = await ReadAsync(frames);
        Stopwatch watch = Stopwatch.StartNew();
        while (!next.GetProperty("gone").EnumerateArray().Any(key => key.GetString() == pipe))
        {
            Assert.True(watch.Elapsed < Server.Limit, "The end of the pipe is not told.");
            next = await ReadAsync(frames);
            Assert.False(next.GetProperty("full").GetBoolean());
        }
        // Who sleeps as before is not told again.
        next = await ReadAsync(frames);
        Assert.DoesNotContain(next.GetProperty("processes").EnumerateArray(), each => each.GetProperty("pid").GetInt64() == pair.Numbers[0]);
    }

    [Fact]
    public async Task All_who_watch_get_the_same_graph()
    {
        using Server server = Server.Start();
        using HttpClient client = server.CreateClient();
        using StreamReader one = new(await client.GetStreamAsync($"/events?token={server.Token}", Cancellation));
        Assert.True((await ReadAsync(one)).GetProperty("full").GetBoolean());

        using StreamReader other = new(await client.GetStreamAsync($"/events?token={server.Token}", Cancellation));
        Assert.True((await ReadAsync(other)).GetProperty("full").GetBoolean());

        Assert.False((await ReadAsync(one)).GetProperty("full").GetBoolean());
    }

    [Fact]
    public async Task Processes_of_others_are_shown_only_when_asked_for()
    {
        Assert.SkipUnless(Environment.UserName == "root", "Only root can become somebody else.");
        using Planted stranger = Planted.Stranger();
        using Server own = Server.Start();
        using Server all = Server.Start("--all-users");

        Assert.DoesNotContain(stranger.Numbers[0], await ProcessesAsync(own));
        Assert.Contains(stranger.Numbers[0], await ProcessesAsync(all));
    }

    [Fact]
    public async Task A_unix_socket_is_for_its_owner_only_and_is_removed_in_the_end()
    {
        string directory = Directory.CreateTempSubdirectory("isthmus-").FullName;
        string path = Path.Combine(directory, "page.sock");
        using (Server server = Server.Start("--unix", path))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            Assert.StartsWith($"curl --unix-socket {path} 'http://localhost/?token=", server.Announcement, StringComparison.Ordinal);
            string token = server.Announcement.TrimEnd('\'').Split("token=")[1];

            using HttpClient client = OverUnixSocket(path);
            using StreamReader frames = new(await client.GetStreamAsync($"http://localhost/events?token={token}", Cancellation));
            Assert.True((await ReadAsync(frames)).GetProperty("full").GetBoolean());
            // Somebody lives there.
            Assert.Contains("EADDRINUSE", Server.Fail("--unix", path).Errors, StringComparison.Ordinal);
        }
        // Killed, it has left its name; that is no obstacle.
        Assert.True(File.Exists(path));
        using (Server server = Server.Start("--unix", path))
        {
            Assert.Equal(0, server.Terminate());
        }
        Assert.False(File.Exists(path));
        Directory.Delete(directory);
    }

    [Fact]
    public async Task A_signal_ends_it_although_somebody_watches()
    {
        using Server server = Server.Start();
        using HttpClient client = server.CreateClient();
        using StreamReader frames = new(await client.GetStreamAsync($"/events?token={server.Token}", Cancellation));
        await ReadAsync(frames);

        Assert.Equal(0, server.Terminate());
        Assert.Null(await frames.ReadLineAsync(Cancellation) is "" or null ? null : "more");
    }

    [Theory]
    [InlineData(2, "can be reached from other machines", "--listen", "0.0.0.0:0")]
    [InlineData(2, "can be reached from other machines", "--listen", "[::]:0")]
    [InlineData(2, "is no address to listen on", "--listen", "8080")]
    [InlineData(2, "is no address to listen on", "--listen", "example.com:80")]
    [InlineData(3, "ENOENT", "--unix", "/nowhere/page.sock")]
    public void Where_it_cannot_or_must_not_listen_it_says_so(int exitCode, string says, params string[] args)
    {
        (string errors, int actual) = Server.Fail(args);

        Assert.Contains(says, errors, StringComparison.Ordinal);
        Assert.StartsWith("isthmus serve: ", errors, StringComparison.Ordinal);
        Assert.Single(errors.TrimEnd('\n').Split('\n'));
        Assert.Equal(exitCode, actual);
    }

    [Fact]
    public void A_port_that_is_taken_is_an_error()
    {
        using Server server = Server.Start();

        (string errors, int exitCode) = Server.Fail("--listen", server.Base.Authority);

        Assert.Contains("address already in use", errors, StringComparison.Ordinal);
        Assert.Equal(3, exitCode);
    }

    [Fact]
    public async Task A_file_that_is_no_report_is_refused()
    {
        using Server server = Server.Start("--bench", "/etc/passwd");
        using HttpClient client = server.CreateClient();
        using HttpResponseMessage response = await client.GetAsync($"/api/bench?token={server.Token}", Cancellation);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsStringAsync(Cancellation));
    }

    private static async Task<long[]> ProcessesAsync(Server server)
    {
        using HttpClient client = server.CreateClient();
        using StreamReader frames = new(await client.GetStreamAsync($"/events?token={server.Token}", Cancellation));
        return [.. (await ReadAsync(frames)).GetProperty("processes").EnumerateArray().Select(each => each.GetProperty("pid").GetInt64())];
    }

    private static async Task<JsonElement> ReadAsync(StreamReader frames)
    {
        string? line = await frames.ReadLineAsync(Cancellation).AsTask().WaitAsync(Server.Limit);
        while (line is "")
        {
            line = await frames.ReadLineAsync(Cancellation).AsTask().WaitAsync(Server.Limit);
        }
        Assert.StartsWith("data: ", line, StringComparison.Ordinal);
        using JsonDocument frame = JsonDocument.Parse(line!["data: ".Length..]);
        return frame.RootElement.Clone();
    }

    private static HttpClient OverUnixSocket(string path) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            Socket socket = new(AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });
}
