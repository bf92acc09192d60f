using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Isthmus.Inspection;
using Isthmus.Web.Feed;
using Isthmus.Web.Views;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Isthmus.Web.Server;

/// <summary>What can be asked for. All of it is reading.</summary>
internal sealed class Endpoints(ServeOptions options, SnapshotFeed feed, CancellationToken stopping)
{
    private const long BenchBytesMax = 16 << 20;

    private readonly ServeOptions _options = options;
    private readonly SnapshotFeed _feed = feed;
    private readonly CancellationToken _stopping = stopping;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/events", StreamAsync);
        routes.MapGet("/api/process/{key}", ShowProcessAsync);
        routes.MapGet("/api/object", ShowObjectAsync);
        routes.MapGet("/api/bench", ShowBenchAsync);
        routes.MapGet("/{**path}", PageFiles.WriteAsync);
    }

    /// <summary>Server-sent events: a whole graph, then what has changed, once a second.</summary>
    private async Task StreamAsync(HttpContext context)
    {
        using Subscription? subscription = _feed.TrySubscribe();
        if (subscription is null)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }
        context.Response.ContentType = "text/event-stream";
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping);
        try
        {
            await foreach (ReadOnlyMemory<byte> frame in subscription.ReadAllAsync(ended.Token))
            {
                // The text of a frame has no line break.
                await context.Response.Body.WriteAsync("data: "u8.ToArray(), ended.Token);
                await context.Response.Body.WriteAsync(frame, ended.Token);
                await context.Response.Body.WriteAsync("\n\n"u8.ToArray(), ended.Token);
                await context.Response.Body.FlushAsync(ended.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Who looked has left, or the server ends.
        }
    }

    private Task ShowProcessAsync(HttpContext context)
    {
        Snapshot snapshot = _feed.Current();
        string? key = (string?)context.Request.RouteValues["key"];
        ProcessNode? process = snapshot.Processes.FirstOrDefault(each => GraphBuilder.KeyOf(each) == key);
        return process is not null && _feed.Scope.Includes(process)
            ? WriteAsync(context, ProcessPage.Of(snapshot, process), PageModel.Default.JsonProcessPage)
            : NothingAsync(context);
    }

    private Task ShowObjectAsync(HttpContext context)
    {
        Snapshot snapshot = _feed.Current();
        string id = context.Request.Query["id"].ToString();
        ObjectNode? node = snapshot.Objects.FirstOrDefault(each => each.Id.ToString() == id);
        return node is not null && ObjectPage.TryOf(snapshot, node, _feed.Scope) is { } page
            ? WriteAsync(context, page, PageModel.Default.JsonObjectPage)
            : NothingAsync(context);
    }

    // Read again each time: a longer run may have replaced it.
    private async Task ShowBenchAsync(HttpContext context)
    {
        if (_options.BenchFile is not { } path)
        {
            await NothingAsync(context);
            return;
        }
        try
        {
            await using FileStream file = File.OpenRead(path);
            using JsonDocument report = file.Length <= BenchBytesMax
                ? await JsonDocument.ParseAsync(file, cancellationToken: context.RequestAborted)
                : throw new InvalidDataException();
            await WriteAsync(context, report.RootElement, PageModel.Default.JsonElement);
        }
        catch (Exception error) when (error is JsonException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            context.Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        }
    }

    private static Task NothingAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static Task WriteAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type) =>
        context.Response.WriteAsJsonAsync(value, type, cancellationToken: context.RequestAborted);
}
