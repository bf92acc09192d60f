using System.Globalization;
using System.Text;
using Isthmus.Native;

namespace Isthmus.Inspection;

/// <summary>Reads <see cref="ProcessDetail"/> through one open directory, so that all of it is of the same process.</summary>
internal sealed class ProcessDetailReader
{
    private readonly DirectoryReader _directory;
    private byte[] _text = new byte[64 * 1024];

    private ProcessDetailReader(DirectoryReader directory) => _directory = directory;

    public static ProcessDetail? Read(ProcessNode process)
    {
        using DirectoryReader? directory = DirectoryReader.TryOpen(ProcFs.Of(process.Id), out _);
        if (directory is null)
        {
            return null;
        }
        ProcessDetailReader reader = new(directory);
        if (!reader.TryRead("stat\0"u8, out ReadOnlySpan<byte> stat) || ProcStat.Parse(stat).StartTime != process.StartTime)
        {
            return null;
        }
        return reader.ReadAll(process);
    }

    private ProcessDetail ReadAll(ProcessNode process) => new()
    {
        Executable = Link("exe\0"u8),
        WorkingDirectory = Link("cwd\0"u8),
        Root = Link("root\0"u8),
        Namespaces = Namespaces(),
        ControlGroups = TryRead("cgroup\0"u8, out ReadOnlySpan<byte> groups) ? Lines(groups) : null,
        Limits = TryRead("limits\0"u8, out ReadOnlySpan<byte> limits) ? LimitsText.Parse(limits) : null,
        Signals = Signals(process),
        Memory = Memory(),
        ReadBytes = Io("read_bytes: "u8),
        WrittenBytes = Io("\nwrite_bytes: "u8),
    };

    private static List<string> Lines(ReadOnlySpan<byte> text)
    {
        List<string> lines = [];
        TextCursor cursor = new(text);
        while (cursor.TryReadLine(out ReadOnlySpan<byte> line))
        {
            lines.Add(Encoding.UTF8.GetString(line));
        }
        return lines;
    }

    private static List<SignalState>? Signals(ProcessNode process)
    {
        try
        {
            List<SignalState> states = [];
            foreach (int thread in ThreadInfo.TaskIds(process.Id))
            {
                if (SignalState.TryReadThread(process.Id, thread, out SignalState? state))
                {
                    states.Add(state);
                }
            }
            return states;
        }
        catch (IOException)
        {
            return null; // It has ended meanwhile.
        }
    }

    private List<MemoryRange>? Memory()
    {
        Dictionary<int, ulong> stacks = StackPointers();
        return TryRead("smaps\0"u8, out ReadOnlySpan<byte> text) ? AddressSpaceText.Parse(text, stacks) : null;
    }

    private Dictionary<int, ulong> StackPointers()
    {
        Dictionary<int, ulong> stacks = [];
        using DirectoryReader? tasks = _directory.TryOpen("task\0"u8, out _);
        byte[] text = new byte[256];
        byte[] name = new byte[ByteText.NameMax];
        DirectoryNumbers ids = tasks is null ? default : new(tasks, new byte[4096]);
        while (tasks is not null && ids.MoveNext())
        {
            int length = tasks.Read(ByteText.Name(default, ids.Current, "/syscall"u8, name), text);
            if (length > 0 && SystemCall.TryParse(text.AsSpan(0, length), out SystemCall call))
            {
                stacks[ids.Current] = call.StackPointer;
            }
        }
        return stacks;
    }

    private SortedDictionary<string, ulong>? Namespaces()
    {
        SortedDictionary<string, ulong> namespaces = new(StringComparer.Ordinal);
        foreach (string name in (ReadOnlySpan<string>)["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"])
        {
            // net:[4026531833]
            if (Link(Encoding.UTF8.GetBytes($"ns/{name}\0")) is { } text && text.IndexOf('[', StringComparison.Ordinal) is > 0 and int open)
            {
                namespaces[name] = ulong.Parse(text.AsSpan(open + 1).TrimEnd(']'), CultureInfo.InvariantCulture);
            }
        }
        return namespaces.Count == 0 ? null : namespaces;
    }

    private long? Io(ReadOnlySpan<byte> label)
    {
        if (!TryRead("io\0"u8, out ReadOnlySpan<byte> text) || text.IndexOf(label) is not (>= 0 and int at))
        {
            return null;
        }
        return new TextCursor(text[(at + label.Length)..]).ReadNumber();
    }

    private string? Link(ReadOnlySpan<byte> name)
    {
        int length = _directory.ReadLink(name, _text);
        return length < 0 ? null : Encoding.UTF8.GetString(_text, 0, length);
    }

    private bool TryRead(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> text)
    {
        int length = _directory.ReadAll(name, ref _text);
        text = _text.AsSpan(0, Math.Max(length, 0));
        return length > 0;
    }
}
