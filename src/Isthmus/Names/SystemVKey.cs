using System.Globalization;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// The key under which processes find the same System V queue, semaphore set or shared memory: 32 bits, which they agree on.
/// sysvipc(7)
/// </summary>
/// <param name="Value">The key; 0 is <see cref="Private"/>.</param>
public readonly record struct SystemVKey(int Value)
{
    /// <summary>
    /// No key: each creation makes a new object, which others find by its id only (<c>IPC_PRIVATE</c>). It is private in name only.
    /// </summary>
    public static SystemVKey Private => default;

    /// <summary>
    /// The key that libc's <c>ftok(3)</c> makes from a file that exists, and a number. Two files can give the same key: it has 16
    /// bits of the inode and 8 of the device.
    /// </summary>
    /// <param name="path">An existing file; when it is replaced by a new one, so is the key.</param>
    /// <param name="project">1 to 255; tells apart the objects of one file.</param>
    /// <exception cref="FileNotFoundException"><c>ENOENT</c>.</exception>
    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c>: a directory on the way may not be searched.</exception>
    public static SystemVKey FromFile(string path, int project = 1)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(project, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(project, byte.MaxValue);
        int key = LibC.ftok(path, project);
        return key != -1 ? new SystemVKey(key) : throw PosixException.From(Errno.Last, "ftok", path);
    }

    /// <summary>Reads a key as <c>ipcs</c> prints it: <c>0x</c> and up to eight hexadecimal digits.</summary>
    public static bool TryParse(string? text, out SystemVKey key)
    {
        bool isHex = text is not null && text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        int value = 0;
        bool valid = isHex && int.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
        key = new SystemVKey(value);
        return valid;
    }

    /// <summary>As <c>ipcs</c> prints it: <c>0x0000beef</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"0x{Value:x8}");
}
