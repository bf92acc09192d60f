using System.CommandLine;
using Isthmus.Cli.Names;
using Isthmus.Cli.Semaphores;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus semaphore create</c>.</summary>
internal static class SemaphoreCreateCommand
{
    public static Command Create()
    {
        CliCommand command = new("create", "Make a semaphore, or a System V set; fails when the name is taken. Prints the id of a set.")
        {
            Examples =
            [
                "isthmus semaphore create /lock", "isthmus semaphore create /slots --value 8 --mode 0660",
                "isthmus semaphore create 0xbeef --count 3 --value 0", "isthmus semaphore create 0xbeef --value 1,0,5",
            ],
        };
        ObjectNameInput name = ObjectNameInput.AddTo(command);
        Option<int[]> values = SemaphoreValues.Option();
        Option<int?> count = NumberOption.Create(
            "--count", "How many semaphores the System V set has; as many as values by default.", 1, int.MaxValue);
        Option<UnixFileMode?> mode = FileModeOption.Create();
        command.Add(values);
        command.Add(count);
        command.Add(mode);
        command.SetAction(line => SemaphoreObject.Run(() =>
        {
            if (SemaphoreObject.Create(
                    name.Get(line), line.GetValue(values)!, line.GetValue(count), line.GetValue(mode) ?? FileModeOption.OwnerOnly) is { } id)
            {
                Console.WriteLine(id);
            }
        }));
        return command;
    }
}
