using System.Diagnostics.CodeAnalysis;

namespace Isthmus;

/// <summary>
/// A request that this server has, and nobody else. Answer it once: <see cref="Reply(ReadOnlySpan{byte})"/> or <see cref="Fail"/>; after parts of a reply
/// (<see cref="WritePart"/>) also <see cref="End"/>. Disposing one that was not answered tells the client that no answer comes.
/// </summary>
/// <remarks>
/// It may be kept, answered later, and from another thread; not by two threads at once. Its bytes are those of the client's request, in shared memory:
/// others who may write the segment could change them while they are read; copy them first where those are not trusted.
/// </remarks>
[SuppressMessage("Performance", "CA1815", Justification = "Nobody compares requests; each is received once.")]
public readonly struct ReceivedRequest : IDisposable
{
    private readonly ReplyServer _server;
    private readonly int _number;
    private readonly ulong _info;

    internal ReceivedRequest(ReplyServer server, int number, ulong id, ulong info)
    {
        _server = server;
        _number = number;
        Id = id;
        _info = info;
    }

    /// <summary>The request; to be read until it is answered.</summary>
    public unsafe ReadOnlySpan<byte> Span => new(_server.Place.RequestOf(Cell), RequestInfoWord.LengthOf(_info));

    /// <summary>
    /// Where a reply may be written in place, <see cref="ReplyServer.MaxReply"/> bytes; then <see cref="Reply(int)"/>. Until it is answered.
    /// </summary>
    public unsafe Span<byte> ReplyBuffer => new(_server.Place.ReplyOf(Cell), _server.MaxReply);

    /// <summary>How long its client waits, counted from when it was made; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> for ever.</summary>
    public TimeSpan Timeout => RequestInfoWord.TimeoutOf(_info);

    /// <summary>Whether the client takes a reply in parts (<see cref="WritePart"/>).</summary>
    public bool WantsParts => RequestInfoWord.WantsParts(_info);

    /// <summary>Whether nobody waits for the reply any more: the client has given up, or died. An answer is dropped then.</summary>
    public bool IsCancelled => _server.IsCancelled(_number, Id);

    /// <summary>
    /// Is cancelled when <see cref="IsCancelled"/> becomes true before the request was answered. It costs nothing until it is asked for.
    /// </summary>
    /// <exception cref="InvalidOperationException">The request was answered before.</exception>
    public CancellationToken Cancellation => _server.CancellationOf(_number, Id);

    /// <summary>Of its place, different from that of each other request that was ever made there.</summary>
    internal ulong Id { get; }

    private int Cell => _server.Place.Cells.At(_number);

    /// <summary>Answers it.</summary>
    /// <param name="reply">At most <see cref="ReplyServer.MaxReply"/> bytes; of a reply in parts, the last one.</param>
    /// <returns>False when nobody waits for it any more.</returns>
    /// <exception cref="ArgumentException">It is too long; the request stays unanswered.</exception>
    /// <exception cref="InvalidOperationException">The request was answered before.</exception>
    /// <exception cref="ObjectDisposedException">The server is disposed.</exception>
    public bool Reply(ReadOnlySpan<byte> reply) => _server.Answer(_number, Id, RequestReplyState.Replied, 0, reply);

    /// <summary>Answers it with what was written to <see cref="ReplyBuffer"/>.</summary>
    /// <param name="length">In bytes.</param>
    /// <inheritdoc cref="Reply(ReadOnlySpan{byte})"/>
    public bool Reply(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, _server.MaxReply);
        return _server.AnswerInPlace(_number, Id, RequestReplyState.Replied, length);
    }

    /// <summary>Tells the client that it failed.</summary>
    /// <param name="code">What both sides agree on.</param>
    /// <param name="details">What there is to say, such as a text in UTF-8; at most <see cref="ReplyServer.MaxReply"/> bytes.</param>
    /// <inheritdoc cref="Reply(ReadOnlySpan{byte})"/>
    public bool Fail(int code, ReadOnlySpan<byte> details = default) => _server.Answer(_number, Id, RequestReplyState.Failed, code, details);

    /// <summary>Writes a part of the reply, and waits until the client has taken it. More may follow, then an answer or <see cref="End"/>.</summary>
    /// <param name="part">At most <see cref="ReplyServer.MaxReply"/> bytes.</param>
    /// <returns>False when nobody waits for it any more.</returns>
    /// <exception cref="ArgumentException">It is too long.</exception>
    /// <exception cref="InvalidOperationException">The request was answered before; or its client takes no parts (<see cref="WantsParts"/>).</exception>
    /// <exception cref="ObjectDisposedException">The server is disposed, before or meanwhile.</exception>
    public bool WritePart(ReadOnlySpan<byte> part) => _server.WritePart(_number, this, part);

    /// <summary>Writes a part of the reply; completes when the client has taken it. More may follow, then an answer or <see cref="End"/>.</summary>
    /// <param name="part">At most <see cref="ReplyServer.MaxReply"/> bytes; copied before this returns.</param>
    /// <param name="cancellationToken">Ends the wait; the part stays written, and the request is to be failed or disposed then.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <inheritdoc cref="WritePart"/>
    public ValueTask<bool> WritePartAsync(ReadOnlyMemory<byte> part, CancellationToken cancellationToken = default) =>
        _server.WritePartAsync(_number, this, part, cancellationToken);

    /// <summary>Ends a reply in parts: there are no more.</summary>
    /// <inheritdoc cref="Reply(ReadOnlySpan{byte})"/>
    public bool End() => _server.AnswerInPlace(_number, Id, RequestReplyState.End, 0);

    /// <summary>Says that no answer comes, unless it was answered.</summary>
    public void Dispose() => _server?.Leave(_number, Id);
}
