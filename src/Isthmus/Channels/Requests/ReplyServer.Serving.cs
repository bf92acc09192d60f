using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace Isthmus;

/// <content>Serving by a handler.</content>
public sealed partial class ReplyServer
{
    /// <summary>The code with which a request fails whose handler threw; what it said stands in the details, in UTF-8.</summary>
    public const int HandlerFailed = -1;

    /// <summary>Receives requests and has each handled, one after the other, until it is cancelled.</summary>
    /// <inheritdoc cref="ServeAsync(Func{ReceivedRequest, ValueTask}, int, CancellationToken)"/>
    public Task ServeAsync(Func<ReceivedRequest, ValueTask> handler, CancellationToken cancellationToken = default) =>
        ServeAsync(handler, 1, cancellationToken);

    /// <summary>Receives requests and has each handled, until it is cancelled.</summary>
    /// <param name="handler">
    /// Answers a request. What it leaves unanswered is told to the client (<see cref="CallOutcome.Unanswered"/>); when it throws, the call fails with
    /// <see cref="HandlerFailed"/>, and the client is told the exception's message; nobody is told of it here.
    /// <see cref="ReceivedRequest.Cancellation"/> says when nobody waits any more.
    /// </param>
    /// <param name="concurrency">How many requests are handled at once, at most.</param>
    /// <param name="cancellationToken">Ends it; those that are being handled are finished first.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="ObjectDisposedException">It is disposed, before or meanwhile.</exception>
    [SuppressMessage("Reliability", "CA2025", Justification = "All places are taken back before they are disposed of.")]
    public async Task ServeAsync(Func<ReceivedRequest, ValueTask> handler, int concurrency, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentOutOfRangeException.ThrowIfLessThan(concurrency, 1);
        using SemaphoreSlim free = new(concurrency);
        try
        {
            while (true)
            {
                await free.WaitAsync(cancellationToken).ConfigureAwait(false);
                Task handled = HandleAsync(await ReceiveOrReleaseAsync(free, cancellationToken).ConfigureAwait(false), handler, free);
                if (concurrency == 1)
                {
                    await handled.ConfigureAwait(false);
                }
            }
        }
        finally
        {
            for (int left = 0; left < concurrency; left++)
            {
                await free.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async ValueTask<ReceivedRequest> ReceiveOrReleaseAsync(SemaphoreSlim free, CancellationToken cancellationToken)
    {
        try
        {
            return await ReceiveAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            free.Release();
            throw;
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever a handler throws is an answer to its client, and ends nobody else's service.")]
    private async Task HandleAsync(ReceivedRequest request, Func<ReceivedRequest, ValueTask> handler, SemaphoreSlim free)
    {
        try
        {
            await handler(request).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            TryFail(request, error.Message);
        }
        finally
        {
            request.Dispose();
            free.Release();
        }
    }

    private void TryFail(ReceivedRequest request, string message)
    {
        byte[] details = new byte[Math.Min(MaxReply, Encoding.UTF8.GetMaxByteCount(message.Length))];
        Utf8.FromUtf16(message, details, out _, out int length);
        try
        {
            request.Fail(HandlerFailed, details.AsSpan(0, length));
        }
        catch (Exception error) when (error is InvalidOperationException or ObjectDisposedException)
        {
            // It was answered before; or we have left, which the client is told.
        }
    }
}
