namespace Isthmus;

/// <summary>What this process is to become: see <see cref="Exec.Replace(ExecOptions)"/>.</summary>
public sealed record ExecOptions
{
    /// <summary>
    /// The program: a path when it contains a slash, otherwise a name that is searched in the directories of this
    /// process's <c>PATH</c>.
    /// </summary>
    public required string FileName { get; init; }

    /// <summary>The arguments, each as it is: no shell reads them. <c>argv[0]</c> is not among them.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary><c>argv[0]</c>, by which programs know their own name; <see cref="FileName"/> unless set.</summary>
    public string? ArgumentZero { get; init; }

    /// <summary>Variables to set, or with null to remove.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>True (unless set) to keep this process's environment; false to start from an empty one.</summary>
    public bool InheritsEnvironment { get; init; } = true;
}
