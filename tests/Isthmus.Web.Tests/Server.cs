using System.Diagnostics;

namespace Isthmus.Web.Tests;

/// <summary>A running <c>isthmus serve</c>, started as a user does; killed in the end.</summary>
internal sealed class Server : IDisposable
{
    private readonly Process _process;

    private Server(Process process, string announcement)
    {
        _process = process;
        Announcement = announcement;
    }

    /// <summary>How long anything is waited for before it is called hung.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(60);

    /// <summary>The line that it has printed.</summary>
    public string Announcement { get; }

    public int Id => _process.Id;

    /// <summary>The address to open, with the token.</summary>
    public Uri Url => new(Announcement);

    public string Token => Url.Query["?token=".Length..];

    public Uri Base => new(Url.GetLeftPart(UriPartial.Authority));

    public static Server Start(params string[] args)
    {
        Process process = Process.Start(StartInfo(args))!;
        string? line = process.StandardOutput.ReadLineAsync().WaitAsync(Limit).GetAwaiter().GetResult();
        if (line is not null)
        {
            return new Server(process, line);
        }
        // What it has started would keep that from ending.
        process.Kill(entireProcessTree: true);
        throw new InvalidOperationException(ReadErrors(process));
    }

    /// <summary>One that does not come so far; what it says, and its exit code.</summary>
    public static (string Errors, int ExitCode) Fail(params string[] args)
    {
        using Process process = Process.Start(StartInfo(args))!;
        string errors = ReadErrors(process);
        Assert.True(process.WaitForExit(Limit));
        return (errors, process.ExitCode);
    }

    /// <summary>A client that keeps cookies, and follows no redirection.</summary>
    public HttpClient CreateClient() => new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = Base, Timeout = Limit };

    /// <summary>Sends SIGTERM; the exit code.</summary>
    public int Terminate()
    {
        using Process kill = Process.Start("kill", ["-TERM", $"{Id}"]);
        Assert.True(_process.WaitForExit(Limit));
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit(Limit);
        }
        _process.Dispose();
    }

    /// <summary>
    /// A program as another user when the pictures of the guide are made (<c>ISTHMUS_PICTURES_USER</c>): who serves shows his own processes only.
    /// </summary>
    public static ProcessStartInfo AsPlain(string program, params string[] args) => Environment.GetEnvironmentVariable("ISTHMUS_PICTURES_USER") is { } user
        ? new("setpriv", [$"--reuid={user}", $"--regid={user}", "--clear-groups", program, .. args])
        : new(program, args);

    private static string ReadErrors(Process process) => process.StandardError.ReadToEndAsync().WaitAsync(Limit).GetAwaiter().GetResult();

    // The tool, beside which the server's program stands in artifacts/bin.
    private static ProcessStartInfo StartInfo(string[] args)
    {
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string tool = Path.GetFullPath(Path.Combine("../../Isthmus.Cli", configuration, "Isthmus.Cli"), AppContext.BaseDirectory);
        ProcessStartInfo start = AsPlain(tool, ["serve", .. args]);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        return start;
    }
}
