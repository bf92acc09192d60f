namespace Isthmus;

/// <summary>
/// Two pipes, one for each way: what two-way talk needs, because a pipe carries bytes one way only. Keep one side, and hand the two
/// descriptors of the other to a child.
/// </summary>
/// <remarks>
/// Two sides that both write more than a pipe holds before they read wait for each other for ever: let one of the two be
/// async, or agree who speaks.
/// </remarks>
public sealed class DuplexPipe : IDisposable
{
    private readonly AnonymousPipe _there;
    private readonly AnonymousPipe _back;

    private DuplexPipe(AnonymousPipe there, AnonymousPipe back)
    {
        _there = there;
        _back = back;
        First = new DuplexPipeEnd(back.Reader, there.Writer);
        Second = new DuplexPipeEnd(there.Reader, back.Writer);
    }

    /// <summary>One side.</summary>
    public DuplexPipeEnd First { get; }

    /// <summary>The other side.</summary>
    public DuplexPipeEnd Second { get; }

    /// <summary>Makes both pipes, with the same options.</summary>
    /// <inheritdoc cref="AnonymousPipe.Create"/>
    public static DuplexPipe Create(AnonymousPipeOptions? options = null)
    {
        AnonymousPipe there = AnonymousPipe.Create(options);
        try
        {
            return new DuplexPipe(there, AnonymousPipe.Create(options));
        }
        catch
        {
            there.Dispose();
            throw;
        }
    }

    /// <summary>Closes both sides.</summary>
    public void Dispose()
    {
        _there.Dispose();
        _back.Dispose();
    }
}
