using System.Globalization;

namespace Isthmus.Cli.Stress;

/// <summary>
/// What one member of a barrier knows of the others. Whenever it passes, each of them has begun as many rounds as it has itself, or one more; which
/// of the two differs from time to time, but that the difference spans two is a round that somebody passed alone.
/// </summary>
/// <param name="ledger">The accounts; the word of a seat is the member that has it.</param>
/// <param name="seats">How many there are at a time.</param>
internal sealed class MemberTracks(Ledger ledger, int seats)
{
    private readonly Dictionary<long, Track> _tracks = [];
    private readonly List<(long Id, long Joins)> _awaited = [];
    private readonly List<long> _dead = [];

    /// <summary>Before it arrives: whoever is a member now must arrive, too, and whoever is seen to be dead will not again.</summary>
    public void BeginRound(long self)
    {
        _awaited.Clear();
        for (int seat = 0; seat < seats; seat++)
        {
            long id = Volatile.Read(ref ledger.OfSeat(seat));
            if (id != 0 && id != self)
            {
                Await(id);
            }
        }
        _dead.Clear();
        _dead.AddRange(_tracks.Keys.Where(IsDeadMember));
    }

    /// <summary>It has passed.</summary>
    /// <exception cref="StressViolationException">Somebody had not arrived; or somebody's death should have been told.</exception>
    public void EndRound()
    {
        foreach (long dead in _dead)
        {
            // The first time the dead one may have arrived while it lived.
            if (++_tracks[dead].PassesSinceDeath > 1)
            {
                throw Violation($"{ledger[dead].ToString()} was killed, two rounds were passed since, and nobody was told.");
            }
        }
        foreach ((long id, long joins) in _awaited)
        {
            See(id, joins);
        }
    }

    /// <summary>It was told that the barrier is broken, which has been mended since: the deaths until now have been told.</summary>
    public void Break()
    {
        foreach (long id in _tracks.Keys.Where(id => ledger[id].IsKilled).ToArray())
        {
            _tracks.Remove(id);
        }
    }

    /// <summary>It was no member for a while.</summary>
    public void Forget() => _tracks.Clear();

    // One that was leaving, or joining again, may be missed by nobody.
    private bool IsDeadMember(long id) => ledger[id].IsKilled && Volatile.Read(ref ledger[id].DeathSeenAt) != 0
        && new MemberRecord(ledger[id]).State == MemberState.Member && new MemberRecord(ledger[id]).Joins == _tracks[id].Joins;

    private void Await(long id)
    {
        MemberRecord member = new(ledger[id]);
        long joins = Volatile.Read(ref member.Joins);
        if (member.State == MemberState.Member && Volatile.Read(ref member.Joins) == joins)
        {
            _awaited.Add((id, joins));
        }
    }

    private void See(long id, long joins)
    {
        MemberRecord member = new(ledger[id]);
        long begun = Volatile.Read(ref member.Begun);
        // Read after the count: while it has been the same member all the time, it has counted no other rounds.
        if (member.State != MemberState.Member || Volatile.Read(ref member.Joins) != joins || ledger[id].IsKilled)
        {
            return;
        }
        if (!_tracks.TryGetValue(id, out Track? track) || track.Joins != joins)
        {
            _tracks[id] = track = new Track { Joins = joins };
        }
        track.Passes++;
        track.Least = Math.Min(track.Least, begun - track.Passes);
        track.Most = Math.Max(track.Most, begun - track.Passes);
        if (begun < 1 || track.Most - track.Least > 1)
        {
            throw Violation($"A round was passed, and {ledger[id].ToString()} had not arrived in it.");
        }
    }

    private static StressViolationException Violation(FormattableString message) => new(message.ToString(CultureInfo.InvariantCulture));

    private sealed class Track
    {
        public long Joins { get; init; }

        public long Passes { get; set; }

        public long Least { get; set; } = long.MaxValue;

        public long Most { get; set; } = long.MinValue;

        public int PassesSinceDeath { get; set; }
    }
}
