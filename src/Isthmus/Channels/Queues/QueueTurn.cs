using System.Diagnostics.CodeAnalysis;

namespace Isthmus;

/// <summary>Of the threads that share a producer or a consumer: whose turn it is.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Nobody asks for its wait handle, which is all that there would be to dispose of.")]
internal sealed class QueueTurn
{
    // As long as somebody copies a message; who waits says so.
    private const int Moment = 1;

    private readonly SemaphoreSlim _turn = new(1);
    private volatile bool _isWaiting;

    /// <summary>Waits for its turn.</summary>
    public void Enter() => _turn.Wait();

    /// <summary>Waits for its turn at most so long.</summary>
    public bool TryEnter(TimeSpan timeout) => _turn.Wait(timeout);

    /// <summary>Completes when it is its turn.</summary>
    public Task EnterAsync(CancellationToken cancellationToken) => _turn.WaitAsync(cancellationToken);

    /// <summary>Takes its turn, unless the one who has it waits: what he waits for is not there for others either.</summary>
    public bool TryEnter()
    {
        while (!_turn.Wait(Moment))
        {
            if (_isWaiting)
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Who has the turn is going to wait.</summary>
    public void Wait() => _isWaiting = true;

    /// <summary>Ends its turn.</summary>
    public void Leave()
    {
        _isWaiting = false;
        _turn.Release();
    }
}
