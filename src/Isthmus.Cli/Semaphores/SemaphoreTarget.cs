using System.CommandLine;
using Isthmus.Cli.Names;

namespace Isthmus.Cli.Semaphores;

/// <summary>What acquire and release take: which semaphore, and how many units of it or which operations.</summary>
internal sealed class SemaphoreTarget
{
    private readonly ObjectNameInput _name;
    private readonly Option<int?> _index = NumberOption.Create(
        "--index", "Which semaphore of a System V set, from 0 (0 by default).", 0, int.MaxValue);
    private readonly Option<int?> _units = NumberOption.Create(
        "--units", "How many units of a System V semaphore, at once (1 by default).", 1, int.MaxValue);
    private readonly Option<SemaphoreOperation[]?> _operations = OperationList.Option();
    private readonly Option<bool> _anyOwner = new("--any-owner") { Description = "Open it though another user owns it." };

    private SemaphoreTarget(Command command)
    {
        _name = ObjectNameInput.AddTo(command);
        command.Add(_index);
        command.Add(_units);
        command.Add(_operations);
        command.Add(_anyOwner);
    }

    public static SemaphoreTarget AddTo(Command command) => new(command);

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
        return PosixSemaphore.Open(posix.Name, new() { AnyOwner = line.GetValue(_anyOwner) });
    }

    public SystemVSemaphoreSet OpenSet(ParseResult line) => SemaphoreObject.OpenSet(_name.Get(line), line.GetValue(_anyOwner));

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
