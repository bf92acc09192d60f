using System.Globalization;
using Isthmus.Native;

namespace Isthmus;

/// <summary>Looks for the descriptors that hold locks on one file, in all processes. What vanishes meanwhile is passed over.</summary>
internal sealed class FileLockSearch
{
    // Of the kernel's table.
    private const int Readings = 5;

    private readonly LibC.statx _file;
    private readonly List<FileLockHolder> _holders = [];

    // Of the locks that were found; the device is the one that the kernel's lock tables show, which on some file systems differs from that of stat(2).
    private readonly List<FileLockLine> _found = [];

    private FileLockSearch(LibC.statx file) => _file = file;

    // What was acquired while it looked, or is told twice by the kernel's table, seems hidden once. What is hidden stays so.
    public static List<FileLockHolder> Run(LibC.statx file)
    {
        FileLockSearch search = new(file);
        List<FileLockLine> hidden = search.LookAtAll();
        if (hidden.Count > 0)
        {
            search = new FileLockSearch(file);
            List<FileLockLine> before = hidden;
            hidden = search.LookAtAll().FindAll(before.Remove);
        }
        // Only a POSIX lock is the process's that has acquired it.
        return
        [
            .. search._holders,
            .. hidden.Select(line => new FileLockHolder(line.Kind, line.Mode, line.Range, line.Kind == FileLockKind.Posix ? line.ProcessId : null, null)),
        ];
    }

    // The locks whose holders could not be looked at.
    private List<FileLockLine> LookAtAll()
    {
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out int processId))
            {
                Look(processId);
            }
        }
        return FindHidden();
    }

    private void Look(int processId)
    {
        try
        {
            foreach (string link in Directory.EnumerateFileSystemEntries(ProcFs.Of(processId) + "/fd"))
            {
                if (FileStatus.TryBehind(link, out LibC.statx status) && IsSame(status))
                {
                    Look(processId, int.Parse(Path.GetFileName(link), CultureInfo.InvariantCulture));
                }
            }
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            // Another user's, or it has ended.
        }
    }

    private void Look(int processId, int descriptor)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"{ProcFs.Of(processId)}/fdinfo/{descriptor}");
        foreach (string line in LinesOf(path))
        {
            if (FileLockLine.TryParseFdInfo(line, out FileLockLine? found))
            {
                _holders.Add(new FileLockHolder(found.Kind, found.Mode, found.Range, processId, descriptor));
                _found.Add(found);
            }
        }
    }

    // A descriptor that was closed meanwhile holds nothing, and hides no other.
    private static string[] LinesOf(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (IOException)
        {
            return [];
        }
    }

    // Those of the kernel's table that are left when the ones found are struck out. It is handed out a page at a time: when other locks come
    // and go between two pages, a line is told again or left out. What most readings tell counts.
    private List<FileLockLine> FindHidden()
    {
        string device = _found.Count > 0
            ? _found[0].Device
            : string.Create(CultureInfo.InvariantCulture, $"{_file.stx_dev_major:x2}:{_file.stx_dev_minor:x2}");
        Dictionary<(FileLockLine Line, int Copy), int> told = [];
        for (int reading = 0; reading < Readings; reading++)
        {
            foreach (IGrouping<FileLockLine, FileLockLine> same in FileLockLine.ReadTable()
                .Where(line => line.Inode == _file.stx_ino && line.Device == device).GroupBy(line => line))
            {
                int count = same.Key.IsSingle ? 1 : same.Count();
                for (int copy = _found.Count(line => line == same.Key); copy < count; copy++)
                {
                    told[(same.Key, copy)] = told.GetValueOrDefault((same.Key, copy)) + 1;
                }
            }
        }
        return [.. told.Where(each => each.Value > Readings / 2).Select(each => each.Key.Line)];
    }

    private bool IsSame(LibC.statx status) => status.stx_ino == _file.stx_ino
        && status.stx_dev_major == _file.stx_dev_major && status.stx_dev_minor == _file.stx_dev_minor;
}
