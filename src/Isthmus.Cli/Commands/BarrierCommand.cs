namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus barrier</c>: barriers in shared memory from the shell.</summary>
internal static class BarrierCommand
{
    public const string Noun = "barrier";

    public static CliCommand Create() => new(Noun, "Create barriers in shared memory, and wait at them until all have come.")
    {
        BarrierCreateCommand.Create(),
        BarrierInfoCommand.Create(),
        BarrierResetCommand.Create(),
        BarrierUnlinkCommand.Create(),
        BarrierWaitCommand.Create(),
    };
}
