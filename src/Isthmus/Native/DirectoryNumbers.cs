using System.Buffers.Binary;
using System.Buffers.Text;

namespace Isthmus.Native;

/// <summary>Goes through the entries of a directory whose names are numbers: processes, threads, descriptors.</summary>
/// <param name="directory">Read from where it stands.</param>
/// <param name="buffer">Holds some of the entries at a time; 32 KiB hold about a thousand.</param>
internal ref struct DirectoryNumbers(DirectoryReader directory, Span<byte> buffer)
{
    // struct linux_dirent64 (getdents64(2)): inode, offset, length of the entry, type, name.
    private const int InodeAt = 0;
    private const int LengthAt = 16;
    private const int NameAt = 19;

    private readonly DirectoryReader _directory = directory;
    private readonly Span<byte> _buffer = buffer;
    private ReadOnlySpan<byte> _left;

    public int Current { get; private set; }

    /// <summary>Of the current entry: what tells a directory of a process from that of a later one with the same number.</summary>
    public ulong Inode { get; private set; }

    /// <summary>Why the end came, if it was no end: <c>ENOENT</c> or <c>ESRCH</c> when the process has ended.</summary>
    public Errno Error { get; private set; }

    public bool MoveNext()
    {
        while (true)
        {
            while (!_left.IsEmpty)
            {
                int length = BinaryPrimitives.ReadUInt16LittleEndian(_left[LengthAt..]);
                ReadOnlySpan<byte> name = _left[NameAt..length];
                Inode = BinaryPrimitives.ReadUInt64LittleEndian(_left[InodeAt..]);
                _left = _left[length..];
                if (Utf8Parser.TryParse(name, out int number, out int digits) && name[digits] == 0 && number >= 0)
                {
                    Current = number;
                    return true;
                }
            }
            int read = _directory.ReadEntries(_buffer);
            if (read <= 0)
            {
                Error = (Errno)(-read);
                return false;
            }
            _left = _buffer[..read];
        }
    }
}
