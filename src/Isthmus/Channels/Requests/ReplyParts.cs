using System.Runtime.CompilerServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// A reply that comes in parts. The server writes the next part when the last one was taken; so a slow reader makes a slow writer. Dispose it when it
/// was read, or when no more is wanted: then the server is told.
/// </summary>
/// <remarks>For one reader at a time.</remarks>
public sealed class ReplyParts : IDisposable
{
    private readonly RequestClient _client;
    private readonly int _index;
    private readonly Deadline _deadline;
    private ulong _seen;
    private int _length;
    private bool _hasPart;

    // The server is done: the place is ours until this is disposed.
    private bool _isLast;
    private bool _isDisposed;

    internal ReplyParts(RequestClient client, CallOutcome refused)
    {
        _client = client;
        _index = -1;
        Outcome = refused;
    }

    internal ReplyParts(RequestClient client, int index, Deadline deadline)
    {
        _client = client;
        _index = index;
        _deadline = deadline;
    }

    /// <summary>
    /// What the call came to; null while more may come. <see cref="CallOutcome.Replied"/>: all parts have come. Otherwise those that came are good, and
    /// the one that was written last may not be among them.
    /// </summary>
    public CallOutcome? Outcome { get; private set; }

    /// <summary>The server's, when it failed.</summary>
    public int ErrorCode { get; private set; }

    /// <summary>
    /// The part, where the server has written it, to be read until the next is asked for or this is disposed; when the server failed, what it said of that.
    /// </summary>
    public ReadOnlySpan<byte> Current => _length == 0 || _isDisposed ? default : _client.PartOf(_index, _length);

    /// <summary>Waits for the next part.</summary>
    /// <returns>False when there is none any more: <see cref="Outcome"/> says why.</returns>
    /// <exception cref="InvalidDataException">What stands there is no reply: the segment is damaged.</exception>
    /// <exception cref="ObjectDisposedException">This, or the client, is disposed, before or meanwhile.</exception>
    public bool MoveNext()
    {
        if (!TakeCurrent())
        {
            return false;
        }
        if (!_client.TryLook(_index, _seen, out ulong word))
        {
            RequestEnd end = _client.Wait(_index, _seen, _deadline, ref word);
            if (end != RequestEnd.News)
            {
                return Over(end);
            }
        }
        return See(word);
    }

    /// <summary>Completes when the next part is there.</summary>
    /// <param name="cancellationToken">Gives the call up; the server is told.</param>
    /// <exception cref="OperationCanceledException">Given up.</exception>
    /// <inheritdoc cref="MoveNext"/>
    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!TakeCurrent())
        {
            return false;
        }
        RequestAwait wait = await _client.WaitAsync(_index, _seen, _deadline, cancellationToken).ConfigureAwait(false);
        if (wait.End == RequestEnd.News)
        {
            return See(wait.Reply);
        }
        Over(wait.End);
        cancellationToken.ThrowIfCancellationRequested();
        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }
        _isDisposed = true;
        if (_isLast)
        {
            _client.GiveBack(_index);
        }
        else if (Outcome is null)
        {
            Outcome = CallOutcome.TimedOut;
            _client.Abandon(_index);
        }
    }

    private bool TakeCurrent()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _length = 0;
        if (Outcome is not null)
        {
            return false;
        }
        if (_isLast)
        {
            Outcome = CallOutcome.Replied;
            return false;
        }
        if (_hasPart)
        {
            _hasPart = false;
            _client.TakePart(_index);
        }
        return true;
    }

    private bool See(ulong word)
    {
        _seen = word;
        RequestReplyState state = RequestReplyWord.StateOf(word);
        if (state is RequestReplyState.Frame or RequestReplyState.Replied or RequestReplyState.Failed)
        {
            _hasPart = state == RequestReplyState.Frame;
            _isLast = !_hasPart;
            _length = _client.LengthOf(_index, out int code);
            if (state == RequestReplyState.Failed)
            {
                (Outcome, ErrorCode) = (CallOutcome.Failed, code);
            }
            return Outcome is null;
        }
        _isLast = true;
        Outcome = RequestClient.OutcomeOf(state);
        return false;
    }

    private bool Over(RequestEnd end)
    {
        Outcome = _client.GivenUp(_index, end);
        return false;
    }
}
