using System.Net.Sockets;
using Isthmus.Web.Feed;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Isthmus.Web.Server;

/// <summary>
/// The server: Kestrel, the guard, and what can be asked for. It takes nothing from the environment or from configuration files.
/// </summary>
internal sealed class WebServer : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly WebApplication _app;
    private readonly AccessToken _token;
    private readonly PrivateSocket? _socket;
    private readonly SnapshotFeed _feed;
    private readonly CancellationTokenSource _stopping = new();
    private Task _feeding = Task.CompletedTask;

    private WebServer(WebApplication app, AccessToken token, PrivateSocket? socket, SnapshotFeed feed)
    {
        _app = app;
        _token = token;
        _socket = socket;
        _feed = feed;
    }

    public static WebServer Create(ServeOptions options)
    {
        PrivateSocket? socket = options.UnixPath is { } path ? PrivateSocket.Create(path) : null;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = s_patience);
        builder.Services.Configure<KestrelServerOptions>(kestrel => Configure(kestrel, options));
        if (socket is not null)
        {
            builder.Services.Configure<SocketTransportOptions>(transport => transport.CreateBoundListenSocket = _ => socket.ToSocket());
        }
        AccessToken token = AccessToken.Create();
        SnapshotFeed feed = new(options);
        WebApplication app = builder.Build();
        WebServer server = new(app, token, socket, feed);
        app.Lifetime.ApplicationStopping.Register(server._stopping.Cancel);
        AccessGuard guard = new(token);
        app.Use(next => context => guard.InvokeAsync(context, next));
        app.UseRouting();
        new Endpoints(options, feed, server._stopping.Token).Map(app);
        return server;
    }

    /// <exception cref="ServeException">The address is taken, or not this machine's.</exception>
    public async Task StartAsync()
    {
        try
        {
            await _app.StartAsync();
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            throw new ServeException(error.Message.ReplaceLineEndings(" "), ServeException.System);
        }
        _feeding = _feed.RunAsync(_stopping.Token);
    }

    /// <summary>The address to open.</summary>
    public string Describe()
    {
        IServerAddressesFeature bound = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        string address = _socket is null ? bound.Addresses.First() : "http://localhost";
        string page = $"{address}/?token={_token.Text}";
        return (_socket is null ? page : $"curl --unix-socket {_socket.Path} '{page}'")
            + (PageFiles.AreBuilt
                ? ""
                : "\nThe page was not built: there was no npm. Install Node.js with npm, then: dotnet build src/Isthmus.Web");
    }

    /// <summary>Until SIGINT or SIGTERM, or until the feed fails.</summary>
    public async Task WaitForShutdownAsync()
    {
        await Task.WhenAny(_app.WaitForShutdownAsync(), _feeding);
        await _feeding;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _feeding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _app.DisposeAsync();
        _feed.Dispose();
        _socket?.Dispose();
        _stopping.Dispose();
    }

    private static void Configure(KestrelServerOptions kestrel, ServeOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 0;
        kestrel.Limits.MaxConcurrentConnections = 100;
        if (options.UnixPath is { } path)
        {
            kestrel.ListenUnixSocket(path);
        }
        else
        {
            kestrel.Listen(options.Listen);
        }
    }
}
