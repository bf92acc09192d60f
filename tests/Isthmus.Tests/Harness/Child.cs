using System.Diagnostics;
using System.Reflection;
using System.Text;

namespace Isthmus.Tests.Harness;

/// <summary>
/// A child process that runs a static method of this assembly. The child speaks to its test by lines on
/// stdin and stdout, never by sleeping; disposing kills it if it still runs.
/// </summary>
internal sealed class Child : IDisposable
{
    private const string Flag = "--child";

    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private Child(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) => _errors.AppendLine(line.Data);
        process.BeginErrorReadLine();
    }

    /// <summary>How long a test waits for anything before it is called hung.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(60);

    public int Id => _process.Id;

    public static Child Start(Action<string[]> body, params string[] args)
    {
        Assert.True(body.Method.IsStatic, "A child body must be static: it shares nothing with its test.");
        ProcessStartInfo start = new(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string arg in Arguments(body, args))
        {
            start.ArgumentList.Add(arg);
        }
        return new Child(Process.Start(start)!);
    }

    /// <summary>The arguments that make this test program run <paramref name="body"/>, for tests that start it by other means.</summary>
    public static string[] Arguments(Action<string[]> body, params string[] args) =>
        [Flag, body.Method.DeclaringType!.FullName!, body.Method.Name, .. args];

    public static bool IsChild(string[] args) => args is [Flag, ..];

    public static int Run(string[] args)
    {
        MethodInfo body = Type.GetType(args[1])!.GetMethod(args[2], BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)!;
        body.CreateDelegate<Action<string[]>>()(args[3..]);
        return Environment.ExitCode;
    }

    /// <summary>Waits for the next line that the child prints.</summary>
    public string ReadLine() =>
        _process.StandardOutput.ReadLineAsync().WaitAsync(Limit).GetAwaiter().GetResult() ?? "<eof> " + _errors;

    public void WriteLine(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    /// <summary>Stops it; when this returns, none of its threads runs.</summary>
    public void Pause()
    {
        using ProcessHandle process = ProcessHandle.Open(Id);
        process.Send(Signal.SIGSTOP);
        Assert.True(SpinWait.SpinUntil(() => Directory.EnumerateDirectories($"/proc/{Id}/task").All(IsStopped), Limit), "The child did not stop in time.");
    }

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit(Limit);
    }

    public int WaitForExit()
    {
        Assert.True(_process.WaitForExit(Limit), "The child did not exit in time.");
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }
        _process.Dispose();
    }

    // Its state stands behind its name. One that has just ended is looked for anew.
    private static bool IsStopped(string thread)
    {
        try
        {
            string status = File.ReadAllText(thread + "/stat");
            return status[status.LastIndexOf(')') + 2] == 'T';
        }
        catch (IOException)
        {
            return false;
        }
    }
}
