using System.Globalization;
using System.Text;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus;

/// <summary>
/// The name of a Unix socket (<c>unix(7)</c>): a path, under which it stands as a file with an owner and a mode; an
/// abstract name, which lives in the network namespace, has no permissions and ends with the socket; or none.
/// Immutable.
/// </summary>
public sealed class UnixAddress : IEquatable<UnixAddress>
{
    /// <summary>The longest path or abstract name, in bytes.</summary>
    public const int NameBytesMax = 107;

    private const int FamilyBytes = sizeof(ushort);

    // As sun_path holds it: a path without its final NUL, an abstract name with the NUL that starts it.
    private readonly byte[] _name;

    private UnixAddress(byte[] name) => _name = name;

    /// <summary>
    /// No name: what <c>socketpair</c> and a client that did not bind have. Binding to it makes the kernel choose an
    /// abstract name.
    /// </summary>
    public static UnixAddress Unnamed { get; } = new([]);

    /// <summary>The name is not a file but abstract.</summary>
    public bool IsAbstract => _name is [0, ..];

    /// <summary>The path; null when the name is abstract or missing.</summary>
    public string? Path => IsAbstract || _name.Length == 0 ? null : Encoding.UTF8.GetString(_name);

    /// <summary>
    /// The bytes of the path or of the abstract name (without the NUL that marks it); empty when there is no name.
    /// </summary>
    public ReadOnlyMemory<byte> Name => IsAbstract ? _name.AsMemory(1) : _name;

    /// <summary>The socket file at <paramref name="path"/>: 1 to 107 bytes of UTF-8.</summary>
    /// <exception cref="ArgumentException">The path is empty or holds a NUL.</exception>
    /// <exception cref="PathTooLongException"><c>ENAMETOOLONG</c>: more than 107 bytes.</exception>
    public static UnixAddress FromPath(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("A path holds no NUL; FromAbstract makes an abstract name.", nameof(path));
        }
        byte[] name = Encoding.UTF8.GetBytes(path);
        return name.Length <= NameBytesMax
            ? new UnixAddress(name)
            : throw PosixException.From(
                Errno.ENAMETOOLONG, "bind", path, $"A socket's path has at most {NameBytesMax} bytes, this one {name.Length}.");
    }

    /// <summary>The abstract name <paramref name="name"/>: 1 to 107 bytes of any value, NUL too.</summary>
    /// <exception cref="ArgumentException">The name is empty or too long.</exception>
    public static UnixAddress FromAbstract(ReadOnlySpan<byte> name) => name.Length is >= 1 and <= NameBytesMax
        ? new UnixAddress([0, .. name])
        : throw new ArgumentException($"An abstract name has 1 to {NameBytesMax} bytes.", nameof(name));

    /// <summary>Reads <c>@name</c> as an abstract name in UTF-8, anything else as a path.</summary>
    /// <inheritdoc cref="FromPath"/>
    public static UnixAddress Parse(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        return text[0] == '@' ? FromAbstract(Encoding.UTF8.GetBytes(text[1..])) : FromPath(text);
    }

    /// <summary>
    /// Whether some process holds a socket with this name now, of whatever type, listening or not. A file whose socket
    /// is dead is not bound, and never will be again. The socket notices nothing of the question.
    /// </summary>
    /// <exception cref="UnauthorizedAccessException">
    /// <c>EACCES</c>: the file's mode or directory does not let this process know.
    /// </exception>
    public unsafe bool IsBound()
    {
        // A datagram socket reaches a datagram socket and is told EPROTOTYPE by any other, before that one notices.
        const int Datagram = LibC.SOCK_DGRAM | LibC.SOCK_CLOEXEC | LibC.SOCK_NONBLOCK;
        using SafeFileHandle probe = LibC.Check(LibC.socket(LibC.AF_UNIX, Datagram, 0));
        uint length = WriteTo(out LibC.sockaddr_un address);
        if (LibC.connect(probe, &address, length) == 0)
        {
            return true;
        }
        return Errno.Last switch
        {
            Errno.ECONNREFUSED or Errno.ENOENT or Errno.ENOTDIR => false,
            Errno.EACCES => throw PosixException.From(Errno.EACCES, "connect", ToString(), "Ask as the socket's owner."),
            _ => true, // EPROTOTYPE; EPERM: it is connected to somebody else.
        };
    }

    /// <summary>Owner and mode of the socket file; no link is followed.</summary>
    /// <inheritdoc cref="Unlink"/>
    public UnixSocketFile Stat()
    {
        using SafeFileHandle file = SocketFile.Open(PathOrThrow());
        LibC.statx status = FileStatus.Of(file);
        return new UnixSocketFile((UnixFileMode)(status.stx_mode & 0xFFF), status.stx_uid, status.stx_gid);
    }

    /// <summary>
    /// Removes the name, whether a socket is bound to it or not; a bound one goes on with its connections and can be
    /// reached no more. <see cref="UnixListener.Unlink"/> removes only its own.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The address is no path: an abstract name ends with its socket.
    /// </exception>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>: there is no such file.</exception>
    /// <exception cref="PosixException"><c>ENOTSOCK</c>: the file is no socket, and stays.</exception>
    public void Unlink()
    {
        using SafeFileHandle file = SocketFile.Open(PathOrThrow());
        LibC.Check(LibC.unlink(PathOrThrow()), Path);
    }

    /// <summary>
    /// Removes the name if its socket is dead: left by a process that was killed, or that closed it without <c>Unlink</c>.
    /// False, and nothing is changed, when a living socket has it, of whatever type, listening or not. A socket that gets
    /// the name meanwhile is never hit: what is removed is the file that was found dead.
    /// </summary>
    /// <remarks>
    /// Holds the lock of the directory (<c>flock(2)</c>) meanwhile, as <see cref="UnixBindOptions.TakeOverStaleName"/> does,
    /// and therefore needs the permission to read it. Waits at most 5 seconds for another holder.
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// The address is no path: an abstract name ends with its socket.
    /// </exception>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>: there is no such file.</exception>
    /// <exception cref="UnauthorizedAccessException">
    /// <c>EACCES</c>: the file's mode or directory does not let this process know, or remove it.
    /// </exception>
    /// <exception cref="PosixException">
    /// <c>ENOTSOCK</c>, <c>ELOOP</c>: the file is no socket, and stays; <c>EAGAIN</c>: the directory stays locked.
    /// </exception>
    public bool TryUnlinkDead() => BoundName.TryUnlinkDead(PathOrThrow());

    /// <inheritdoc/>
    public bool Equals(UnixAddress? other) => other is not null && _name.AsSpan().SequenceEqual(other._name);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as UnixAddress);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(_name);
        return hash.ToHashCode();
    }

    /// <summary>
    /// The path, or <c>@name</c> with bytes that do not print as <c>\xNN</c>; empty when there is no name.
    /// </summary>
    public override string ToString() => IsAbstract ? "@" + string.Concat(_name.Skip(1).Select(Printable)) : Path ?? "";

    /// <summary>Reads what the kernel filled in.</summary>
    internal static UnixAddress Read(in LibC.sockaddr_un address, uint length)
    {
        ReadOnlySpan<byte> name = address.sun_path;
        // A sender without a name has length 0; a path of 108 bytes is told one byte longer than the struct.
        name = name[..Math.Clamp((int)length - FamilyBytes, 0, name.Length)];
        return name switch
        {
            [] => Unnamed,
            [0, ..] => new UnixAddress(name.ToArray()),
            _ => new UnixAddress(name[..(name.IndexOf((byte)0) is >= 0 and int end ? end : name.Length)].ToArray()),
        };
    }

    /// <summary>Fills in what the kernel reads; the length to tell it.</summary>
    internal uint WriteTo(out LibC.sockaddr_un address)
    {
        address = new LibC.sockaddr_un { sun_family = LibC.AF_UNIX };
        _name.CopyTo((Span<byte>)address.sun_path);
        bool isPath = _name.Length > 0 && !IsAbstract;
        return (uint)(FamilyBytes + _name.Length + (isPath ? 1 : 0));
    }

    private string PathOrThrow() =>
        Path ?? throw new InvalidOperationException("The address is no path: an abstract name has no file.");

    private static string Printable(byte value) => value is >= 0x20 and < 0x7F and not (byte)'\\'
        ? ((char)value).ToString()
        : string.Create(CultureInfo.InvariantCulture, $"\\x{value:x2}");
}
