using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Isthmus.Cli.Bench;

/// <summary>Where the figures come from. Absolute times mean nothing without it.</summary>
internal sealed record Machine(
    string Kernel, string Architecture, string CpuModel, int CpuCount, int CpusAllowed, long MemoryBytes, string Dotnet, string Tool)
{
    public static Machine Describe() => new(
        ReadLine("/proc/sys/kernel/osrelease"),
        RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
        Field("/proc/cpuinfo", "model name") ?? "unknown",
        CountOnline(),
        Placement.Allowed.Count,
        MemoryField("MemTotal"),
        Environment.Version.ToString(),
        typeof(Machine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]);

    /// <summary>What can be had without swapping, in bytes; 0 when the kernel does not say.</summary>
    public static long MemoryAvailableBytes => MemoryField("MemAvailable");

    public override string ToString() =>
        $"{CpuModel}, {CpusAllowed} of {CpuCount} CPUs, {MemoryBytes >> 30} GiB, Linux {Kernel}, .NET {Dotnet}, isthmus {Tool}";

    private static long MemoryField(string name) =>
        Field("/proc/meminfo", name)?.Split(' ') is [string kibibytes, ..] ? long.Parse(kibibytes, CultureInfo.InvariantCulture) * 1024 : 0;

    private static string? Field(string path, string name)
    {
        if (!File.Exists(path))
        {
            return null;
        }
        string? line = File.ReadLines(path).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }

    // One block for each: "processor : 0". The runtime's own count is of the CPUs that we may use.
    private static int CountOnline() =>
        File.ReadLines("/proc/cpuinfo").Count(line => line.StartsWith("processor", StringComparison.Ordinal));

    private static string ReadLine(string path) => File.Exists(path) ? File.ReadAllText(path).Trim() : "unknown";
}
