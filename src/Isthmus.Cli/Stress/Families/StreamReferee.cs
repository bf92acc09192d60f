namespace Isthmus.Cli.Stress.Families;

/// <summary>Adds up what was read; all checks are made by those who read.</summary>
internal sealed class StreamReferee(StressPlace place) : StressReferee
{
    private bool _haveMet;

    // Else most kills would hit those who have just been started, and have nothing to lose.
    public override bool MayDisrupt => _haveMet;

    public override void Look(IReadOnlyList<long> live, TimeSpan granted) => _haveMet = live.All(id => IsAtIt(place.Ledger[id]));

    public override IReadOnlyList<(string Name, long Value)> Close()
    {
        long frames = 0, streams = 0;
        for (long id = 1; id <= place.Ledger.Records; id++)
        {
            frames += StreamFamily.Right(place.Ledger[id]);
        }
        for (int pair = 0; pair < place.Processes / 2; pair++)
        {
            streams += StreamFamily.Generation(place.Ledger, pair);
        }
        return [("frames read", frames), ("streams", streams)];
    }

    // With an odd number of processes the last one is alone.
    private bool IsAtIt(LedgerRecord record) => record.Phase is WorkerPhase.Inside or WorkerPhase.Leaving || ((int)record.Seat ^ 1) >= place.Processes;
}
