using System.CommandLine;
using Isthmus.Cli.Doctor;
using Isthmus.Cli.Inspection;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus doctor</c>: what this machine can do, which limits apply, and what that means.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        Option<bool> json = new("--json") { Description = "Print JSON." };
        CliCommand command = new(
            "doctor",
            "Tell what this machine can do and which limits apply, and what that means for the library. Exits with 1 when something is missing.")
        {
            Examples = ["isthmus doctor", "isthmus doctor --json"],
        };
        command.Add(json);
        command.SetAction(line =>
        {
            IReadOnlyList<DoctorFinding> findings = DoctorCatalog.Run(new MachineFiles());
            if (line.GetValue(json))
            {
                JsonDocument.Write(
                    new JsonDoctor([.. findings.Select(each => new JsonFinding(each.Name, JsonSignal.Word(each.State), each.Value, each.Means))]),
                    JsonModel.Default.JsonDoctor);
            }
            else
            {
                ColumnTable<DoctorFinding>.Print(
                    [
                        new("what", "", each => each.Name), new("state", "", each => JsonSignal.Word(each.State)), new("found", "", each => each.Value),
                        new("means", "", each => each.Means),
                    ],
                    findings);
            }
            return findings.Any(each => each.State == DoctorState.Missing) ? ExitCode.No : ExitCode.Done;
        });
        return command;
    }
}
