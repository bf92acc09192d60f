using System.Globalization;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>Looks for the descriptors of one pipe in all processes. Processes and descriptors that vanish meanwhile are passed over.</summary>
internal sealed class PipeSearch
{
    private readonly LibC.statx _pipe;
    private readonly List<PipeHolder> _holders = [];

    private PipeSearch(LibC.statx pipe) => _pipe = pipe;

    public IReadOnlyList<PipeHolder> Holders => _holders;

    public int HiddenProcesses { get; private set; }

    public static string LinkOf(int processId, int descriptor) =>
        string.Create(CultureInfo.InvariantCulture, $"{ProcFs.Of(processId)}/fd/{descriptor}");

    /// <summary>The path of a FIFO; null for a pipe, whose link reads <c>pipe:[NUMBER]</c>.</summary>
    public static string? NameBehind(string link) =>
        new FileInfo(link).LinkTarget is { } name && name.StartsWith('/') ? name : null;

    public static PipeSearch Run(LibC.statx pipe) => Run(pipe, ProcFs.ProcessIds());

    public static PipeSearch Run(LibC.statx pipe, IEnumerable<int> processIds)
    {
        PipeSearch search = new(pipe);
        foreach (int processId in processIds)
        {
            search.Look(processId);
        }
        return search;
    }

    /// <summary>A duplicate of the first descriptor whose process may be looked at; null when there is none.</summary>
    public SafeFileHandle? TryDuplicate()
    {
        foreach (PipeHolder holder in _holders)
        {
            using SafeFileHandle process = LibC.pidfd_open(holder.ProcessId, 0);
            SafeFileHandle? duplicate = process.IsInvalid ? null : LibC.pidfd_getfd(process, holder.Descriptor);
            // The process may have ended, or have used the number again.
            if (duplicate is { IsInvalid: false } && IsSame(FileStatus.Of(duplicate)))
            {
                return duplicate;
            }
            duplicate?.Dispose();
        }
        return null;
    }

    private void Look(int processId)
    {
        try
        {
            foreach (string link in Directory.EnumerateFileSystemEntries(ProcFs.Of(processId) + "/fd"))
            {
                if (FileStatus.TryBehind(link, out LibC.statx status) && IsSame(status))
                {
                    TryAdd(processId, int.Parse(Path.GetFileName(link), CultureInfo.InvariantCulture));
                }
            }
        }
        catch (UnauthorizedAccessException)
        {
            HiddenProcesses++;
        }
        catch (IOException)
        {
            // It has ended.
        }
    }

    private void TryAdd(int processId, int descriptor)
    {
        try
        {
            _holders.Add(new PipeHolder(processId, descriptor, AccessOf(processId, descriptor)));
        }
        catch (IOException)
        {
            // This one was closed just now; the process may have others.
        }
    }

    private bool IsSame(LibC.statx status) => status.stx_ino == _pipe.stx_ino
        && status.stx_dev_major == _pipe.stx_dev_major && status.stx_dev_minor == _pipe.stx_dev_minor;

    // "flags:\t0100001", in octal.
    private static FileAccess AccessOf(int processId, int descriptor)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"{ProcFs.Of(processId)}/fdinfo/{descriptor}");
        string flags = File.ReadLines(path).First(line => line.StartsWith("flags:", StringComparison.Ordinal))[6..].Trim();
        return (Convert.ToInt32(flags, 8) & LibC.O_ACCMODE) switch
        {
            LibC.O_RDONLY => FileAccess.Read,
            LibC.O_WRONLY => FileAccess.Write,
            _ => FileAccess.ReadWrite,
        };
    }
}
