namespace Isthmus.Cli.Bench;

/// <summary>
/// Compiles the programs in bench/reference, which the tool carries with it, when this machine has a C compiler. Without
/// one the <c>c:</c> rows are missing and the report says so.
/// </summary>
internal sealed class ReferencePrograms(string directory) : IDisposable
{
    private const string Prefix = "reference/";

    private static readonly string[] s_compilers = ["cc", "gcc", "clang"];

    private readonly string? _compiler = FindCompiler();
    private readonly List<ReferenceProgram> _started = [];

    /// <summary>Starts the program; null with the reason when it cannot be had here.</summary>
    public ReferenceProgram? TryStart(string name, IReadOnlyList<string> arguments, out string reason)
    {
        if (_compiler is null)
        {
            reason = "No C compiler: neither cc nor gcc nor clang is in PATH.";
            return null;
        }
        string executable = Path.Combine(directory, name);
        if (!File.Exists(executable))
        {
            Unpack();
            if (!TryCompile(_compiler, executable, out string errors))
            {
                reason = $"{_compiler} could not compile {name}.c: {errors.Split('\n')[0]}";
                return null;
            }
        }
        reason = "";
        ReferenceProgram program = ReferenceProgram.Start(executable, arguments);
        _started.Add(program);
        return program;
    }

    /// <summary>Ends those that still run: after a run that broke off.</summary>
    public void Dispose() => _started.ForEach(program => program.Dispose());

    private static bool TryCompile(string compiler, string executable, out string errors)
    {
        using ChildProcess process = ChildProcess.Start(new ChildProcessOptions
        {
            FileName = compiler,
            Arguments = ["-O2", "-pthread", "-o", executable, executable + ".c", "-lrt"],
            StandardInput = StandardStream.Null,
            StandardError = StandardStream.Pipe,
        });
        using StreamReader reader = new(process.StandardError);
        errors = reader.ReadToEnd();
        return process.Wait().IsSuccess;
    }

    private static string? FindCompiler() =>
        (from name in s_compilers
         from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
         let path = Path.Combine(folder, name)
         where folder.Length > 0 && File.Exists(path)
         select path).FirstOrDefault();

    private void Unpack()
    {
        foreach (string resource in typeof(ReferencePrograms).Assembly.GetManifestResourceNames())
        {
            if (resource.StartsWith(Prefix, StringComparison.Ordinal))
            {
                using Stream source = typeof(ReferencePrograms).Assembly.GetManifestResourceStream(resource)!;
                using FileStream file = File.Create(Path.Combine(directory, resource[Prefix.Length..]));
                source.CopyTo(file);
            }
        }
    }
}
