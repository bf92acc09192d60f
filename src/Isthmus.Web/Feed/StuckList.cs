using System.Globalization;
using Isthmus.Inspection;

namespace Isthmus.Web.Feed;

/// <summary>Who is stuck, in words: a circle once, and not once for each who is in it.</summary>
internal static class StuckList
{
    private const int SentencesMax = 50;

    /// <summary>The first of them, and how many there are.</summary>
    public static (JsonStuck[] First, int Count) Of(IReadOnlyList<WaitChain> chains)
    {
        WaitChain[] different = [.. chains.DistinctBy(NameOf)];
        return ([.. different.Take(SentencesMax).Select(Of)], different.Length);
    }

    private static JsonStuck Of(WaitChain chain) => new(
        chain.ToString(), PageModel.Word(chain.End), [.. chain.Steps.Select(step => GraphBuilder.KeyOf(step.Process)).Distinct()]);

    // Those who hang on a circle without being in it are told one by one.
    private static string NameOf(WaitChain chain) => chain.Cycle.Count == chain.Steps.Count
        ? string.Join(' ', chain.Cycle.Select(Number).Order(StringComparer.Ordinal))
        : "+" + Number(chain.Steps[0]);

    private static string Number(WaitStep step) => (step.Thread?.Id ?? step.Process.Id).ToString(CultureInfo.InvariantCulture);
}
