using System.Globalization;
using System.Text.Json;

namespace Isthmus.Cli;

/// <summary>The exit certificate of <c>run --report</c>. On standard error: standard output belongs to the
/// command.</summary>
internal static class ExitReport
{
    public static void Write(string[] command, ExitStatus status, bool timedOut, long orphansReaped, bool json) =>
        Console.Error.WriteLine(json ? Json(command, status, timedOut, orphansReaped) : Text(command, status, timedOut, orphansReaped));

    private static string Text(string[] command, ExitStatus status, bool timedOut, long orphansReaped) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        {command[0]}: {status}{(timedOut ? ", timed out" : "")}
          elapsed      {status.Elapsed?.TotalSeconds:F3} s
          user         {status.UserTime?.TotalSeconds:F3} s
          system       {status.SystemTime?.TotalSeconds:F3} s
          peak memory  {status.PeakMemory / 1048576.0:F1} MiB
          orphans      {orphansReaped} reaped
        """);

    private static string Json(string[] command, ExitStatus status, bool timedOut, long orphansReaped) => JsonSerializer.Serialize(
        new JsonRunReport(
            command, status.Code, status.Signal?.Name, status.CoreDumped, timedOut, Nanoseconds(status.Elapsed),
            Nanoseconds(status.UserTime), Nanoseconds(status.SystemTime), status.PeakMemory, orphansReaped),
        JsonModel.Default.JsonRunReport);

    private static long? Nanoseconds(TimeSpan? time) => time?.Ticks * TimeSpan.NanosecondsPerTick;
}
