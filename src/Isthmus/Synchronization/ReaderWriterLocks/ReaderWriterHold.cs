using System.Runtime.CompilerServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// What the scopes of one entry share: how it is in the lock just now. Used again for later entries, each of which has
/// a version of its own, so that entering allocates nothing and a scope that is disposed twice does not end the entry
/// of somebody else.
/// </summary>
internal sealed class ReaderWriterHold(SharedReaderWriterLock owner)
{
    private const int ModeBits = 3;
    private const int ModeMask = (1 << ModeBits) - 1;

    // While it is being upgraded; and when it was disposed meanwhile.
    private const SharedReaderWriterMode Upgrading = (SharedReaderWriterMode)(ModeMask - 1);
    private const SharedReaderWriterMode UpgradingAndLeaves = (SharedReaderWriterMode)ModeMask;

    private int _state;
    private ulong _owned;
    private bool _isAbandoned;

    /// <summary>Begins an entry.</summary>
    /// <returns>Its scope.</returns>
    public SharedReaderWriterScope Begin(SharedReaderWriterMode mode, ulong owned, bool isAbandoned)
    {
        int version = Volatile.Read(ref _state) >> ModeBits;
        _owned = owned;
        _isAbandoned = isAbandoned;
        Volatile.Write(ref _state, StateOf(version, mode));
        return new SharedReaderWriterScope(this, version);
    }

    public SharedReaderWriterMode ModeOf(int version)
    {
        int state = Volatile.Read(ref _state);
        SharedReaderWriterMode mode = (SharedReaderWriterMode)(state & ModeMask);
        return state >> ModeBits != version ? SharedReaderWriterMode.None : mode >= Upgrading ? SharedReaderWriterMode.UpgradeableRead : mode;
    }

    public bool IsAbandoned(int version) => _isAbandoned && ModeOf(version) != SharedReaderWriterMode.None;

    public void Upgrade(int version)
    {
        if (!TryUpgrade(version, Waiters.Sleepers, Timeout.InfiniteTimeSpan))
        {
            throw Damaged();
        }
    }

    public async ValueTask UpgradeAsync(int version, CancellationToken cancellationToken)
    {
        if (!await TryUpgradeAsync(version, Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false))
        {
            throw Damaged();
        }
    }

    public bool TryUpgrade(int version, Waiters waiters, TimeSpan timeout)
    {
        Deadline deadline = Deadline.After(timeout);
        BeginUpgrade(version);
        ReaderWriterUpgrade upgrade = new(_owned, waiters, ReaderWriterMode.Upgradeable);
        try
        {
            Driver.Block(owner.Segment, ref upgrade, deadline);
        }
        finally
        {
            EndUpgrade(version, upgrade.Outcome);
        }
        return upgrade.Outcome != ReaderWriterEntry.Busy;
    }

    [AsyncMethodBuilder(typeof(PooledMethodBuilder<>))]
    public async ValueTask<bool> TryUpgradeAsync(int version, TimeSpan timeout, CancellationToken cancellationToken)
    {
        Deadline deadline = Deadline.After(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        BeginUpgrade(version);
        ReaderWriterUpgrade upgrade = new(_owned, Waiters.Bells, ReaderWriterMode.Upgradeable);
        try
        {
            upgrade = await Driver.RunAsync(owner.Segment, upgrade, deadline, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            EndUpgrade(version, upgrade.Outcome);
        }
        if (upgrade.Outcome == ReaderWriterEntry.Busy)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
        return true;
    }

    public void Downgrade(int version)
    {
        Require(version, "downgrade", SharedReaderWriterMode.Write);
        RequireConsistent();
        ReaderWriterLower lower = new(_owned, ReaderWriterMode.Upgradeable);
        Driver.Run(owner.Segment, ref lower);
        Volatile.Write(ref _state, StateOf(version, SharedReaderWriterMode.UpgradeableRead));
    }

    public void DowngradeToRead(int version)
    {
        if (Require(version, "downgrade", SharedReaderWriterMode.Write, SharedReaderWriterMode.UpgradeableRead) == SharedReaderWriterMode.Write)
        {
            RequireConsistent();
        }
        ReaderWriterToReader reader = new(owner.Segment.Slot, _owned);
        Driver.Run(owner.Segment, ref reader);
        if (!reader.IsReader)
        {
            throw owner.TooManyReaders();
        }
        Volatile.Write(ref _state, StateOf(version, SharedReaderWriterMode.Read));
    }

    public void DeclareConsistent(int version)
    {
        Require(version, "declare the data consistent", SharedReaderWriterMode.Write);
        ReaderWriterConsistent consistent = new(_owned);
        Driver.Run(owner.Segment, ref consistent);
        _isAbandoned = false;
    }

    /// <summary>Ends an entry, unless it has ended; when it is being upgraded just now, after that.</summary>
    public void End(int version)
    {
        while (true)
        {
            int state = Volatile.Read(ref _state);
            SharedReaderWriterMode mode = (SharedReaderWriterMode)(state & ModeMask);
            if (state >> ModeBits != version || mode is SharedReaderWriterMode.None or UpgradingAndLeaves)
            {
                return;
            }
            int next = mode == Upgrading ? StateOf(version, UpgradingAndLeaves) : StateOf(version + 1, SharedReaderWriterMode.None);
            if (Interlocked.CompareExchange(ref _state, next, state) != state)
            {
                continue;
            }
            if (mode != Upgrading)
            {
                owner.Exit(this, mode, _owned);
            }
            return;
        }
    }

    private static int StateOf(int version, SharedReaderWriterMode mode) => (version << ModeBits) | (int)mode;

    // Who waits without limit gives up only when the word is not that of its entry any more.
    private InvalidDataException Damaged() => new($"{owner} is damaged: it does not know the upgradeable reader that it let in.");

    private void BeginUpgrade(int version)
    {
        int state = StateOf(version, SharedReaderWriterMode.UpgradeableRead);
        if (Interlocked.CompareExchange(ref _state, StateOf(version, Upgrading), state) != state)
        {
            Require(version, "upgrade", SharedReaderWriterMode.UpgradeableRead);
            throw new InvalidOperationException("The scope is being upgraded already.");
        }
    }

    private void EndUpgrade(int version, ReaderWriterEntry outcome)
    {
        bool writes = outcome is ReaderWriterEntry.Entered or ReaderWriterEntry.Abandoned;
        int next = StateOf(version, writes ? SharedReaderWriterMode.Write : SharedReaderWriterMode.UpgradeableRead);
        if (Interlocked.Exchange(ref _state, next) == StateOf(version, UpgradingAndLeaves))
        {
            End(version);
        }
    }

    private SharedReaderWriterMode Require(int version, string what, params ReadOnlySpan<SharedReaderWriterMode> modes)
    {
        SharedReaderWriterMode mode = ModeOf(version);
        return modes.Contains(mode)
            ? mode
            : throw new InvalidOperationException($"To {what}, a scope has to be {string.Join(" or ", modes.ToArray())}; this one is {mode}.");
    }

    private void RequireConsistent()
    {
        if (_isAbandoned)
        {
            throw new InvalidOperationException("A writer died in the lock: repair the data and call DeclareConsistent before others see it.");
        }
    }
}
