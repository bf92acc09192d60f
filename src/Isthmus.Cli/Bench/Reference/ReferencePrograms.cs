namespace Isthmus.Cli.Bench;

/// <summary>
/// Compiles the programs in bench/reference, which the tool carries with it, when this machine has a compiler; scripts are run by
/// their interpreter. Without one the <c>c:</c> and <c>peer:</c> rows are missing and the report says so.
/// </summary>
internal sealed class ReferencePrograms(string directory, TimeSpan patience) : IDisposable
{
    private const string Prefix = "reference/";

    private static readonly Dictionary<string, Builder> s_builders = new(StringComparer.Ordinal)
    {
        [".c"] = new("C compiler", "cc", "gcc", "clang"),
        [".cpp"] = new("C++ compiler", "c++", "g++", "clang++"),
        [".py"] = new("Python", "python3"),
    };

    private readonly List<ReferenceProgram> _started = [];
    private readonly Dictionary<string, string> _failures = new(StringComparer.Ordinal);
    private bool _unpacked;

    /// <summary>Starts a program in C; null with the reason when it cannot be had here.</summary>
    public ReferenceProgram? TryStart(string name, IReadOnlyList<string> arguments, out string reason) =>
        TryStart(new ReferenceSource(name + ".c"), arguments, out reason);

    /// <summary>Starts the program; null with the reason when it cannot be had here.</summary>
    public ReferenceProgram? TryStart(ReferenceSource source, IReadOnlyList<string> arguments, out string reason)
    {
        Builder builder = s_builders[Path.GetExtension(source.File)];
        reason = builder.Path is null ? $"No {builder}." : _failures.GetValueOrDefault(source.File, "");
        string executable = Path.Combine(directory, source.Name);
        if (reason.Length == 0)
        {
            Unpack();
            reason = source.IsScript || File.Exists(executable) ? "" : Compile(builder.Path!, source, executable);
        }
        if (reason.Length > 0)
        {
            _failures[source.File] = reason;
            return null;
        }
        ReferenceProgram program = source.IsScript
            ? ReferenceProgram.Start(patience, builder.Path!, ["-B", Path.Combine(directory, source.File), .. arguments])
            : ReferenceProgram.Start(patience, executable, arguments);
        _started.Add(program);
        return program;
    }

    /// <summary>Ends those that still run: after a run that broke off.</summary>
    public void Dispose() => _started.ForEach(program => program.Dispose());

    // Empty when it could be done.
    private string Compile(string compiler, ReferenceSource source, string executable)
    {
        using ChildProcess process = ChildProcess.Start(new ChildProcessOptions
        {
            FileName = compiler,
            Arguments = ["-O2", "-pthread", "-o", executable, Path.Combine(directory, source.File), "-lrt", .. source.Libraries],
            StandardInput = StandardStream.Null,
            StandardError = StandardStream.Pipe,
        });
        using StreamReader reader = new(process.StandardError);
        string[] errors = reader.ReadToEnd().Split('\n');
        if (process.Wait().IsSuccess)
        {
            return "";
        }
        string error = errors.FirstOrDefault(IsCause, errors[0]);
        return source.Package is string package
            ? $"Not installed: {package}. {compiler} says: {error}"
            : $"{compiler} could not compile {source.File}: {error}";
    }

    // The compiler's own line, or the linker's, which comes before the compiler tells that the linker failed.
    private static bool IsCause(string line) =>
        line.Contains("error: ", StringComparison.Ordinal) || line.Contains("cannot find", StringComparison.Ordinal);

    private void Unpack()
    {
        if (_unpacked)
        {
            return;
        }
        foreach (string resource in typeof(ReferencePrograms).Assembly.GetManifestResourceNames())
        {
            if (resource.StartsWith(Prefix, StringComparison.Ordinal))
            {
                using Stream source = typeof(ReferencePrograms).Assembly.GetManifestResourceStream(resource)!;
                using FileStream file = File.Create(Path.Combine(directory, resource[Prefix.Length..]));
                source.CopyTo(file);
            }
        }
        _unpacked = true;
    }

    /// <summary>Who turns a file into a running program: the first of these names that is in PATH.</summary>
    private sealed class Builder(string kind, params string[] names)
    {
        public string? Path { get; } =
            (from name in names
             from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
             let path = System.IO.Path.Combine(folder, name)
             where folder.Length > 0 && File.Exists(path)
             select path).FirstOrDefault();

        public override string ToString() => $"{kind}: none of {string.Join(", ", names)} is in PATH";
    }
}
