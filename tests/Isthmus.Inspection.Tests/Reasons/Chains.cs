using System.Globalization;
using Isthmus.Inspection;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Reasons;

/// <summary>What the tests of reasons ask.</summary>
internal static class Chains
{
    public static Snapshot Everything() => Snapshot.Take(new SnapshotOptions { Parts = SnapshotParts.All });

    // It takes a moment until all of them are where they wait.
    public static async Task<WaitChain> ChainOf(int processId, Func<WaitChain, bool> isThere)
    {
        WaitChain? chain = null;
        try
        {
            await Eventually.IsTrue(() => (chain = Reason.Of(Everything(), processId)?.Chains[0]) is not null && isThere(chain));
        }
        catch (Xunit.Sdk.TrueException)
        {
            Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"{chain?.End}: {chain} {chain?.Steps[0].Thread}"));
        }
        return chain!;
    }

    // Who of them does not go on by himself; who is stopped does not wait.
    public static int[] StuckOf(int[] ids) =>
        [.. Reason.FindStuck(Everything()).Select(chain => chain.Steps[0].Process.Id).Where(ids.Contains).Distinct().Order()];

    public static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
