namespace Isthmus;

/// <summary>
/// What a call came to, with the reply where the server has written it. Dispose it when the reply was read: until then the place belongs to it, one of
/// <see cref="RequestOptions.MaxCalls"/>.
/// </summary>
/// <remarks>
/// Others who may write the segment could change the reply while it is read; where they are not trusted, have it copied
/// (<see cref="RequestClient.Call(ReadOnlySpan{byte}, Span{byte})"/>).
/// </remarks>
public ref struct CallReply
{
    private RequestClient? _client;
    private readonly int _cell;

    internal CallReply(CallOutcome outcome) => Outcome = outcome;

    internal CallReply(CallOutcome outcome, RequestClient client, int cell, ReadOnlySpan<byte> bytes, int errorCode)
    {
        Outcome = outcome;
        Span = bytes;
        ErrorCode = errorCode;
        _client = client;
        _cell = cell;
    }

    /// <summary>What it came to.</summary>
    public CallOutcome Outcome { get; }

    /// <summary>Whether the reply is there.</summary>
    public readonly bool IsReply => Outcome == CallOutcome.Replied;

    /// <summary>The reply, or what the server said of its failure; to be read until this is disposed.</summary>
    public ReadOnlySpan<byte> Span { get; private set; }

    /// <summary>The server's, when it failed.</summary>
    public int ErrorCode { get; }

    /// <summary>Gives the place of the reply back. Once is enough; a copy of this must not be disposed too.</summary>
    public void Dispose()
    {
        Span = default;
        _client?.GiveBack(_cell);
        _client = null;
    }
}
