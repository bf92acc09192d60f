using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Inspection;

/// <summary>
/// Finds in a process's memory what it shares with others, and whether it runs .NET: by a query for each mapping of a file, or in the text of
/// <c>maps</c> where the kernel knows no queries. Most mappings are of libraries that all processes have: a sweep asks for each one's name once.
/// </summary>
internal sealed class MappingReader
{
    private static volatile bool s_hasNoQueries;

    private readonly Dictionary<(ulong Device, ulong Inode), PrivateUse> _files = [];
    private readonly byte[] _name = new byte[4096];
    private byte[] _text = [];

    /// <summary>What a private mapping of a file means.</summary>
    private enum PrivateUse
    {
        None,
        Runtime,
        SharedMemory,
    }

    private static ReadOnlySpan<byte> MapsFile => "maps\0"u8;

    /// <summary>Why it could not be read, if so.</summary>
    public Errno Read(DirectoryReader process, List<MappingFinding> shared, out bool hasRuntime)
    {
        hasRuntime = false;
        Errno error = s_hasNoQueries ? Errno.ENOTTY : Query(process, shared, ref hasRuntime);
        if (error != Errno.ENOTTY)
        {
            return error;
        }
        s_hasNoQueries = true;
        return ReadText(process, shared, out hasRuntime);
    }

    internal Errno Query(DirectoryReader process, List<MappingFinding> shared, ref bool hasRuntime)
    {
        using SafeFileHandle maps = process.Open(MapsFile);
        if (maps.IsInvalid)
        {
            return Errno.Last;
        }
        MappingQuery mappings = new(maps);
        while (mappings.MoveNext())
        {
            Take(mappings, shared, ref hasRuntime);
        }
        return mappings.Error == Errno.ENOENT ? Errno.None : mappings.Error;
    }

    internal Errno ReadText(DirectoryReader process, List<MappingFinding> shared, out bool hasRuntime)
    {
        _text = _text.Length > 0 ? _text : new byte[64 * 1024];
        int length = process.ReadAll(MapsFile, ref _text);
        hasRuntime = length > 0 && MapsText.Parse(_text.AsSpan(0, length), shared).HasRuntime;
        return length < 0 ? (Errno)(-length) : Errno.None;
    }

    private void Take(in MappingQuery mapping, List<MappingFinding> shared, ref bool hasRuntime)
    {
        ulong device = DeviceNumber.Of(mapping.DeviceMajor, mapping.DeviceMinor);
        PrivateUse use = mapping.IsShared ? PrivateUse.SharedMemory : UseOf(mapping, device);
        hasRuntime |= use == PrivateUse.Runtime;
        if (use == PrivateUse.SharedMemory && mapping.ReadName(_name) is { IsEmpty: false } name)
        {
            MapsText.Add(
                new MapLine
                {
                    Start = mapping.Start,
                    End = mapping.End,
                    CanRead = mapping.CanRead,
                    CanWrite = mapping.CanWrite,
                    CanExecute = mapping.CanExecute,
                    IsShared = mapping.IsShared,
                    Device = device,
                    Inode = mapping.Inode,
                    Name = name,
                },
                hasEscapes: false,
                shared);
        }
    }

    private PrivateUse UseOf(in MappingQuery mapping, ulong device)
    {
        if (!_files.TryGetValue((device, mapping.Inode), out PrivateUse use))
        {
            ReadOnlySpan<byte> name = mapping.ReadName(_name);
            use = MapsText.IsRuntime(name) ? PrivateUse.Runtime : MapsText.IsInSharedMemory(name) ? PrivateUse.SharedMemory : PrivateUse.None;
            if (!name.IsEmpty)
            {
                _files.Add((device, mapping.Inode), use);
            }
        }
        return use;
    }
}
