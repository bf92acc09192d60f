using System.CommandLine;
using Isthmus.Cli.Names;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Semaphores;

/// <summary>What acquire and release take: which semaphore, and how many units of it or which operations.</summary>
internal sealed class SemaphoreTarget
{
    private readonly ObjectNameInput _name;
    private readonly Option<int?> _index = NumberOption.Create(
        "--index", "Which semaphore of a System V set, from 0 (0 by default).", 0, int.MaxValue);
    private readonly Option<int?> _units = NumberOption.Create(
        "--units", "How many units, at once (1 by default); of a System V semaphore, or to release of one of Isthmus.", 1, int.MaxValue);
    private readonly Option<SemaphoreOperation[]?> _operations = OperationList.Option();
    private readonly SharedPlaceInput _place;

    private SemaphoreTarget(Command command)
    {
        _name = ObjectNameInput.AddTo(command, acceptsShared: true);
        command.Add(_index);
        command.Add(_units);
        command.Add(_operations);
        _place = SharedPlaceInput.AddTo(command);
    }

    public static SemaphoreTarget AddTo(Command command) => new(command);

    /// <summary>The semaphore of Isthmus; null when it is another that is meant.</summary>
    public SharedSemaphore? OpenShared(ParseResult line)
    {
        if (_name.Get(line) is not ObjectName.Shared shared)
        {
            return null;
        }
        return line.GetValue(_index) is null && line.GetValue(_operations) is not { Length: > 0 }
            ? SharedSemaphore.Open(shared.Name, _place.Options(line, new SharedObjectOptions()))
            : throw new CliException("--index and --op are for System V sets; a semaphore of Isthmus is one.");
    }

    /// <summary>How many units; 1 unless asked otherwise.</summary>
    public int Units(ParseResult line) => line.GetValue(_units) ?? 1;

    /// <summary>The POSIX semaphore; null when it is a System V set that is meant.</summary>
    public PosixSemaphore? OpenPosix(ParseResult line)
    {
        if (_name.Get(line) is not ObjectName.Posix posix)
        {
            return null;
        }
        if (line.GetValue(_index) is not null || line.GetValue(_units) is not null || line.GetValue(_operations) is { Length: > 0 })
        {
            throw new CliException("--index, --units and --op are for System V sets; a POSIX semaphore is one, and gives a unit at a time.");
        }
        return PosixSemaphore.Open(posix.Name, new() { AnyOwner = _place.AnyOwner(line) });
    }

    public SystemVSemaphoreSet OpenSet(ParseResult line) => SemaphoreObject.OpenSet(_name.Get(line), _place.AnyOwner(line));

    /// <summary>What is to be done on the set.</summary>
    /// <param name="line">The command line.</param>
    /// <param name="single">What the verb does with one semaphore and a number of units.</param>
    public SemaphoreOperation[] Operations(ParseResult line, Func<int, int, SemaphoreOperation> single)
    {
        int? index = line.GetValue(_index);
        int? units = line.GetValue(_units);
        if (line.GetValue(_operations) is not { Length: > 0 } operations)
        {
            return [single(index ?? 0, units ?? 1)];
        }
        return index is null && units is null ? operations : throw new CliException("--op says which semaphore and how many: leave out --index and --units.");
    }
}
