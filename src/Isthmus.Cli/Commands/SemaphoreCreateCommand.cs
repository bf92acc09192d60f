using System.CommandLine;
using Isthmus.Cli.Names;
using Isthmus.Cli.Semaphores;
using Isthmus.Cli.Synchronization;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus semaphore create</c>.</summary>
internal sealed class SemaphoreCreateCommand
{
    private readonly ObjectNameInput _name;
    private readonly Option<int[]> _values = SemaphoreValues.Option();

    private readonly Option<int?> _count = NumberOption.Create(
        "--count", "How many semaphores the System V set has; as many as values by default.", 1, int.MaxValue);

    private readonly Option<int?> _most = NumberOption.Create(
        "--max", "Of a semaphore of Isthmus: the most units that it can have; the value by default.", 1, SharedSemaphore.CountMax);

    private readonly Option<bool> _ownerTracked = new("--owner-tracked")
    {
        Description = "Of a semaphore of Isthmus: know who holds its units, and take them back when the holder dies.",
    };

    private readonly SharedPlaceInput _place;
    private readonly SharedCreateInput _how;

    private SemaphoreCreateCommand(Command command)
    {
        _name = ObjectNameInput.AddTo(command, acceptsShared: true);
        command.Add(_values);
        command.Add(_count);
        command.Add(_most);
        command.Add(_ownerTracked);
        _place = SharedPlaceInput.AddTo(command);
        _how = SharedCreateInput.AddTo(command);
        command.SetAction(line => SemaphoreObject.Run(() => Run(line)));
    }

    public static Command Create()
    {
        CliCommand command = new("create", "Make a semaphore, or a System V set; fails when the name is taken. Prints the id of a set.")
        {
            Examples =
            [
                "isthmus semaphore create slots --value 8 --owner-tracked", "isthmus semaphore create /slots --value 8 --mode 0660",
                "isthmus semaphore create 0xbeef --count 3 --value 0", "isthmus semaphore create 0xbeef --value 1,0,5",
            ],
        };
        _ = new SemaphoreCreateCommand(command);
        return command;
    }

    private void Run(ParseResult line)
    {
        if (_name.Get(line) is ObjectName.Shared shared)
        {
            CreateShared(line, shared.Name);
            return;
        }
        if (line.GetValue(_most) is not null || line.GetValue(_ownerTracked) || _how.HasParticipants(line))
        {
            throw new CliException("--max, --owner-tracked and --max-participants are for semaphores of Isthmus, which a bare word names.");
        }
        if (SemaphoreObject.Create(_name.Get(line), line.GetValue(_values)!, line.GetValue(_count), _how.Mode(line)) is { } id)
        {
            Console.WriteLine(id);
        }
    }

    private void CreateShared(ParseResult line, string name)
    {
        if (line.GetValue(_values) is not [int value] || line.GetValue(_count) is not null)
        {
            throw new CliException("--count, and a value for each, are for System V sets: a semaphore of Isthmus is one.");
        }
        SharedSemaphoreOptions options = new() { OwnerTracked = line.GetValue(_ownerTracked) };
        SharedSemaphore.Create(
            name, value, line.GetValue(_most) ?? Math.Max(value, 1), _place.Options(line, _how.Options(line, options))).Dispose();
    }
}
