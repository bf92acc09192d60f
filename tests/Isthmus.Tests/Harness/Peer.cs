using System.Diagnostics;

namespace Isthmus.Tests.Harness;

/// <summary>
/// Programs that others wrote and that tests compare with. Where one is missing, the test is skipped visibly;
/// with ISTHMUS_REQUIRE_PEERS=1 (as in CI) it fails.
/// </summary>
internal static class Peer
{
    /// <summary>The full path of a program, by PATH; skips or fails the test when it is missing.</summary>
    public static string Require(string program)
    {
        string? path = Find(program);
        if (path is not null)
        {
            return path;
        }
        Needs(false, program);
        return "";
    }

    /// <summary>Skips or fails the test when something that it needs is missing.</summary>
    public static void Needs(bool isThere, string what)
    {
        if (isThere)
        {
            return;
        }
        string message = $"'{what}' is not installed; .ci/run names the package it comes from.";
        if (Environment.GetEnvironmentVariable("ISTHMUS_REQUIRE_PEERS") == "1")
        {
            Assert.Fail(message);
        }
        Assert.Skip(message);
    }

    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Prepend("/usr/bin")
            .Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);

    /// <summary>Runs a program to its end; its output, standard error after standard output, and its exit code.</summary>
    public static (string Output, int ExitCode) Run(string program, string[] args, string input = "") => Run(program, args, input, Child.Limit);

    /// <summary>The same, for one that takes long: so many times what is otherwise taken for a hang.</summary>
    public static (string Output, int ExitCode) RunLong(string program, string[] args, int times) => Run(program, args, "", Child.Limit * times);

    private static (string Output, int ExitCode) Run(string program, string[] args, string input, TimeSpan limit)
    {
        ProcessStartInfo start = new(Require(program), args)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        try
        {
            Give(process.StandardInput, input);
            string text = output.WaitAsync(limit).GetAwaiter().GetResult() + errors.WaitAsync(limit).GetAwaiter().GetResult();
            Assert.True(process.WaitForExit(limit), $"{program} did not end.");
            return (text, process.ExitCode);
        }
        finally
        {
            // What hangs does not go on beside the other tests.
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static void Give(StreamWriter program, string input)
    {
        try
        {
            program.Write(input);
            program.Close();
        }
        catch (IOException)
        {
            // It has ended without reading all; what it printed tells why.
        }
    }
}
