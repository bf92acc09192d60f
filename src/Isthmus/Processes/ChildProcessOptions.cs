using System.Runtime.InteropServices;

namespace Isthmus;

/// <summary>What to start, and how: see <see cref="ChildProcess.Start(ChildProcessOptions)"/>. What is not set is as
/// in this process, except that
/// the child always starts with an empty signal mask, all signals at their defaults, and no descriptor but those named
/// here.</summary>
public sealed record ChildProcessOptions
{
    /// <summary>
    /// The program: a path when it contains a slash (a relative one counts from <see cref="WorkingDirectory"/>), otherwise a
    /// name that is searched in the directories of this process's <c>PATH</c>.
    /// </summary>
    public required string FileName { get; init; }

    /// <summary>The arguments, each as it is: no shell reads them. <c>argv[0]</c> is not among them.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary><c>argv[0]</c>, by which programs know their own name; <see cref="FileName"/> unless set.</summary>
    public string? ArgumentZero { get; init; }

    /// <summary>Variables to set, or with null to remove, in the child's environment.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>True (unless set) to start from this process's environment; false to start from an empty one.</summary>
    public bool InheritsEnvironment { get; init; } = true;

    /// <summary>The directory that the child starts in; that of this process unless set.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Descriptor 0; that of this process unless set.</summary>
    public StandardStream StandardInput { get; init; } = StandardStream.Inherit;

    /// <summary>Descriptor 1; that of this process unless set.</summary>
    public StandardStream StandardOutput { get; init; } = StandardStream.Inherit;

    /// <summary>Descriptor 2; that of this process unless set.</summary>
    public StandardStream StandardError { get; init; } = StandardStream.Inherit;

    /// <summary>Further descriptors, by the number that the child gets them under (3 to 1023). The handles stay open
    /// here.</summary>
    public IReadOnlyDictionary<int, SafeHandle> Descriptors { get; init; } = new Dictionary<int, SafeHandle>();

    /// <summary>The process group or session that it starts in.</summary>
    public ChildGroup Group { get; init; }

    /// <summary>
    /// True to make the child's group the terminal's foreground group, so that it may read the terminal and gets its
    /// Ctrl+C; it
    /// needs a new group, and this process takes the terminal back by <see cref="ControllingTerminal.TakeBack"/>.
    /// </summary>
    public bool TakesTerminal { get; init; }

    /// <summary>
    /// True to have the kernel's SIGKILL sent to the child's whole group when this process has ended, however it
    /// ended; the child then leads a group of its own. See <see cref="ChildProcess"/>.
    /// </summary>
    public bool DiesWithParent { get; init; }

    /// <summary>Permissions that files made by the child do not get (<c>umask(2)</c>); as in this process unless
    /// set.</summary>
    public UnixFileMode? Umask { get; init; }

    /// <summary>-20 (most CPU time) to 19 (least), see <c>setpriority(2)</c>; as the calling thread unless set.</summary>
    public int? Nice { get; init; }

    /// <summary>How the kernel schedules it (<c>sched(7)</c>); as the calling thread unless set.</summary>
    public SchedulingPolicy? SchedulingPolicy { get; init; }

    /// <summary>The priority under <see cref="Isthmus.SchedulingPolicy.Fifo"/> and
    /// <see cref="Isthmus.SchedulingPolicy.RoundRobin"/>, 1 to 99 (most); 0 under the others.</summary>
    public int SchedulingPriority { get; init; }

    /// <summary>The CPUs it may run on; as the calling thread unless set.</summary>
    public CpuSet? Affinity { get; init; }

    /// <summary>Limits to set before the program starts; the others are as in this process.</summary>
    /// <remarks>The .NET runtime raises its own soft <see cref="LimitedResource.DescriptorCount"/> to the hard one at
    /// start, so children inherit that.</remarks>
    public IReadOnlyList<ResourceLimit> Limits { get; init; } = [];

    /// <summary>Who the child runs as; as this process unless set.</summary>
    public UserCredentials? User { get; init; }

    /// <summary>The group to join as a member, for a pipeline; 0 for none.</summary>
    internal int JoinGroup { get; init; }

    internal bool LeadsGroup => JoinGroup == 0 && (Group != ChildGroup.Inherited || DiesWithParent);

    internal void ThrowIfContradictory()
    {
        if (SchedulingPriority != 0 && SchedulingPolicy is null)
        {
            throw new ArgumentException($"{nameof(SchedulingPriority)} needs a {nameof(SchedulingPolicy)}: alone it says nothing.");
        }
        if (TakesTerminal && Group != ChildGroup.New)
        {
            throw new ArgumentException(
                $"{nameof(TakesTerminal)} needs {nameof(Group)} = {nameof(ChildGroup)}.{nameof(ChildGroup.New)}: a group of this session.");
        }
    }
}
