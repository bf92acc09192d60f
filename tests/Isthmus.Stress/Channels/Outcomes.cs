using System.Collections.Concurrent;

namespace Isthmus.Stress.Channels;

/// <summary>How often what came of using damaged memory.</summary>
internal sealed class Outcomes
{
    private const string Fine = "used without an error";

    private readonly ConcurrentDictionary<string, long> _counts = [];

    /// <summary>Does something that may end with a documented error.</summary>
    /// <exception cref="InvalidOperationException">It ended with another.</exception>
    public void Count(Action use, Func<string> where)
    {
        string outcome = Fine;
        try
        {
            use();
        }
        catch (Exception error) when (ChannelSubject.IsDocumented(error))
        {
            outcome = error is PosixException posix ? $"{posix.Errno}" : error.GetType().Name;
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"{where()}: an error that nobody documented.", error);
        }
        _counts.AddOrUpdate(outcome, 1, static (_, count) => count + 1);
    }

    public override string ToString() =>
        string.Join(", ", _counts.OrderByDescending(pair => pair.Value).Select(pair => $"{pair.Key} {pair.Value}"));
}
