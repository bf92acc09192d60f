using System.Net;
using System.Net.Http.Headers;

namespace Isthmus.Web.Tests;

/// <summary>Who may look, and from where: asked as a program asks, and as a browser is made to by the page of somebody else.</summary>
public sealed class AccessTests(ServerFixture fixture) : IClassFixture<ServerFixture>, IDisposable
{
    private readonly Server _server = fixture.Server;
    private readonly HttpClient _client = fixture.Server.CreateClient();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("/")]
    [InlineData("/events")]
    [InlineData("/api/process/1-1")]
    [InlineData("/api/object?id=pipe:1")]
    [InlineData("/icon.svg")]
    [InlineData("/nothing")]
    public async Task Without_the_token_nothing_is_told(string path)
    {
        using HttpResponseMessage response = await _client.GetAsync(path, Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("isthmus serve", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_wrong_token_is_none(string token)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(HttpMethod.Get, $"/?token={token}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(HttpMethod.Get, $"/events?token={token}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(HttpMethod.Get, "/events", ("Cookie", $"isthmus-{_server.Base.Port}={token}")));
    }

    [Fact]
    public async Task The_token_becomes_a_cookie_and_leaves_the_address()
    {
        using HttpResponseMessage first = await _client.GetAsync(_server.Url, Cancellation);
        Assert.Equal(HttpStatusCode.SeeOther, first.StatusCode);
        Assert.Equal("/", first.Headers.Location!.ToString());
        string cookie = Assert.Single(first.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith($"isthmus-{_server.Base.Port}={_server.Token};", cookie, StringComparison.Ordinal);
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("samesite=strict", cookie, StringComparison.Ordinal);

        using HttpResponseMessage second = await _client.GetAsync("/", Cancellation);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal("text/html", second.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Tokens_are_of_one_server_only()
    {
        using Server other = Server.Start();

        Assert.NotEqual(other.Token, _server.Token);
        Assert.Equal(43, _server.Token.Length); // 256 bits in base 64.
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOf(HttpMethod.Get, $"/events?token={other.Token}"));
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("OPTIONS")]
    [InlineData("HEAD")]
    public async Task Nothing_but_GET_is_answered(string method)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), _server.Url);
        using HttpResponseMessage response = await _client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal("GET", Assert.Single(response.Content.Headers.Allow));
    }

    [Theory]
    [InlineData("evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("evil.example:80", HttpStatusCode.MisdirectedRequest)]
    [InlineData("127.0.0.1.evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("192.168.0.1", HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost:9000", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("[::1]:8080", HttpStatusCode.OK)]
    public async Task Only_this_machines_own_names_are_answered(string host, HttpStatusCode status) =>
        Assert.Equal(status, await StatusOf(HttpMethod.Get, $"/icon.svg?token={_server.Token}", ("Host", host)));

    [Theory]
    [InlineData("cross-site", HttpStatusCode.Forbidden)]
    [InlineData("same-site", HttpStatusCode.Forbidden)] // Another port of this machine.
    [InlineData("same-origin", HttpStatusCode.OK)]
    [InlineData("none", HttpStatusCode.OK)]
    public async Task A_page_of_somebody_else_cannot_use_the_cookie(string site, HttpStatusCode status) => Assert.Equal(
        status,
        await StatusOf(HttpMethod.Get, "/icon.svg", ("Cookie", $"isthmus-{_server.Base.Port}={_server.Token}"), ("Sec-Fetch-Site", site)));

    [Fact]
    public async Task Other_origins_get_no_leave_to_read_and_scripts_come_from_here_only()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, $"/?token={_server.Token}");
        request.Headers.Add("Origin", "https://evil.example");
        using HttpResponseMessage response = await _client.SendAsync(request, Cancellation);

        HttpResponseHeaders headers = response.Headers;
        Assert.DoesNotContain(headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
        string policy = Assert.Single(headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(headers.GetValues("Referrer-Policy")));
        Assert.Equal("no-store", headers.CacheControl!.ToString());
    }

    [Theory]
    [InlineData("/../Isthmus.Web.dll")]
    [InlineData("/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/index.html%00")]
    [InlineData("/api/process/1-0")]
    [InlineData("/api/process/x")]
    [InlineData("/api/object?id=pipe:0")]
    [InlineData("/api/object")]
    [InlineData("/api/bench")]
    public async Task What_is_not_there_is_not_found(string path)
    {
        string separator = path.Contains('?', StringComparison.Ordinal) ? "&" : "?";
        HttpStatusCode status = await StatusOf(HttpMethod.Get, $"{path}{separator}token={_server.Token}");
        Assert.True(status is HttpStatusCode.NotFound or HttpStatusCode.BadRequest, $"{status}");
    }

    private async Task<HttpStatusCode> StatusOf(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(method, path);
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        return response.StatusCode;
    }
}
