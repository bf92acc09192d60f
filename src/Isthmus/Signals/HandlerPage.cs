using System.Diagnostics;
using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>
/// The handlers in memory that can be executed, and a table with an entry for each signal that they find their data in. Made
/// once and never freed: a thread may be about to enter a handler long after its signal has another disposition.
/// </summary>
internal sealed unsafe class HandlerPage
{
    private const int TableBytes = 4096;
    private const int CodeAlignment = 16;

    private static readonly Lazy<HandlerPage> s_instance = new(() => new HandlerPage());

    private readonly HandlerEntry* _table;

    private HandlerPage()
    {
        Debug.Assert(65 * sizeof(HandlerEntry) <= TableBytes, "An entry for each signal, and entry 0.");
        nuint codeBytes = (nuint)LibC.sysconf(LibC._SC_PAGESIZE);
        nint table = Map(TableBytes);
        nint code = Map(codeBytes);
        _table = (HandlerEntry*)table;
        for (int signal = 1; signal <= 64; signal++)
        {
            _table[signal].Descriptor = -1;
        }
        HandlerCode handlers = HandlerCode.Of(RuntimeInformation.ProcessArchitecture);
        Span<byte> room = new((void*)code, (int)codeBytes);
        Write = code + Emit(handlers.Write, table, room, 0, out int next);
        Block = code + Emit(handlers.Block, table, room, next, out next);
        Unblock = code + Emit(handlers.Unblock, table, room, next, out _);
        // The kernel makes the instruction caches see it when it maps the page as executable.
        if (LibC.mprotect(code, codeBytes, LibC.PROT_READ | LibC.PROT_EXEC) < 0)
        {
            throw PosixException.From(
                Errno.Last, "mprotect(PROT_EXEC)", null, "Signals are caught by a few bytes of machine code, and this system forbids to make any");
        }
    }

    /// <exception cref="UnauthorizedAccessException"><c>EACCES</c> the system forbids executable memory that was written (SELinux <c>execmem</c>).</exception>
    public static HandlerPage Instance => s_instance.Value;

    /// <inheritdoc cref="HandlerCode.Write"/>
    public nint Write { get; }

    /// <inheritdoc cref="HandlerCode.Block"/>
    public nint Block { get; }

    /// <inheritdoc cref="HandlerCode.Unblock"/>
    public nint Unblock { get; }

    /// <summary>What <see cref="Unblock"/> takes out of the masks: entry 0, which is no signal's.</summary>
    public ref ulong UnblockMask => ref *(ulong*)_table;

    public ref HandlerEntry Entry(Signal signal) => ref _table[signal.Number];

    private static nint Map(nuint length) => LibC.Check(
        LibC.mmap(0, length, LibC.PROT_READ | LibC.PROT_WRITE, LibC.MAP_PRIVATE | LibC.MAP_ANONYMOUS, -1, 0));

    // Each handler ends with the table's address. The offset that it starts at.
    private static int Emit(ReadOnlySpan<byte> handler, nint table, Span<byte> room, int offset, out int next)
    {
        handler.CopyTo(room[offset..]);
        MemoryMarshal.Write(room.Slice(offset + handler.Length - sizeof(nint), sizeof(nint)), table);
        next = (offset + handler.Length + CodeAlignment - 1) & -CodeAlignment;
        return offset;
    }
}
