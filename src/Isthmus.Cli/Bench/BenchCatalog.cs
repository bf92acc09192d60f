namespace Isthmus.Cli.Bench;

/// <summary>
/// What can be measured. Each mechanism, peer, suite, cost, contended lock, scaled channel and role of the peer process is one file that adds itself
/// here from a module initializer: a new one is dropped in and nothing else is touched. Unlike a search by reflection this survives trimming and
/// ahead-of-time compilation, because the initializer is an ordinary call. Initializers run in no promised order, hence the ranks.
/// </summary>
internal static class BenchCatalog
{
    private static readonly List<Mechanism> s_mechanisms = [];
    private static readonly List<PeerLibrary> s_peers = [];
    private static readonly List<Suite> s_suites = [];
    private static readonly List<CostOperation> s_costs = [];
    private static readonly List<ContendedLock> s_contended = [];
    private static readonly List<ScaledRow> s_scaled = [];
    private static readonly Dictionary<string, PeerRole> s_roles = new(StringComparer.Ordinal);

    public static IReadOnlyList<Mechanism> Mechanisms => [.. s_mechanisms.OrderBy(m => m.Rank).ThenBy(m => m.Name, StringComparer.Ordinal)];

    public static IReadOnlyList<PeerLibrary> Peers => [.. s_peers.OrderBy(p => p.Rank).ThenBy(p => p.Name, StringComparer.Ordinal)];

    public static IReadOnlyList<Suite> Suites => [.. s_suites.OrderBy(s => s.Rank).ThenBy(s => s.Name, StringComparer.Ordinal)];

    public static IReadOnlyList<CostOperation> Costs => [.. s_costs.OrderBy(c => c.Rank).ThenBy(c => c.Name, StringComparer.Ordinal)];

    public static IReadOnlyList<ContendedLock> Contended => [.. s_contended.OrderBy(c => c.Rank).ThenBy(c => c.Name, StringComparer.Ordinal)];

    public static IReadOnlyList<ScaledRow> Scaled => [.. s_scaled.OrderBy(s => s.Rank).ThenBy(s => s.Name, StringComparer.Ordinal)];

    public static void Add(Mechanism mechanism) => s_mechanisms.Add(mechanism);

    public static void Add(PeerLibrary peer) => s_peers.Add(peer);

    public static void Add(Suite suite) => s_suites.Add(suite);

    public static void Add(CostOperation cost) => s_costs.Add(cost);

    public static void Add(ContendedLock contended) => s_contended.Add(contended);

    public static void Add(ScaledRow scaled) => s_scaled.Add(scaled);

    public static void AddRole(string name, PeerRole role) => s_roles.Add(name, role);

    public static Mechanism Mechanism(string name) => s_mechanisms.Single(mechanism => mechanism.Name == name);

    public static PeerRole Role(string name) => s_roles[name];
}
