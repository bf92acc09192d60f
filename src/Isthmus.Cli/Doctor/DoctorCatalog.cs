namespace Isthmus.Cli.Doctor;

/// <summary>All that <c>isthmus doctor</c> looks at, in the order in which it tells.</summary>
internal static class DoctorCatalog
{
    public static IReadOnlyList<DoctorFinding> Run(MachineFiles files) =>
        [.. KernelChecks.Run(files), .. LimitChecks.Run(files), .. MemoryChecks.Run(files), .. QueueChecks.Run(files), .. InspectionChecks.Run(files)];
}
