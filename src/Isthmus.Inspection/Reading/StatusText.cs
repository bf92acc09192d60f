namespace Isthmus.Inspection;

/// <summary>What the sweep needs of <c>/proc/PID/status</c> (<c>proc_pid_status(5)</c>).</summary>
internal readonly record struct StatusText
{
    public uint RealUser { get; private init; }

    public uint EffectiveUser { get; private init; }

    public uint EffectiveGroup { get; private init; }

    /// <summary>The number in the innermost pid namespace; equals the process's where it lives in ours.</summary>
    public int InnermostId { get; private init; }

    /// <summary>In bytes; null for kernel threads and zombies, which have no memory.</summary>
    public long? ResidentBytes { get; private init; }

    /// <summary>Signals that the process has handlers for; signal n at bit n - 1.</summary>
    public ulong CaughtSignals { get; private init; }

    public static StatusText Parse(ReadOnlySpan<byte> text)
    {
        StatusText status = default;
        TextCursor lines = new(text);
        while (lines.TryReadLine(out ReadOnlySpan<byte> line))
        {
            if (line.StartsWith("Uid:"u8))
            {
                TextCursor words = new(line[4..]);
                status = status with { RealUser = (uint)words.ReadNumber(), EffectiveUser = (uint)words.ReadNumber() };
            }
            else if (line.StartsWith("Gid:"u8))
            {
                TextCursor words = new(line[4..]);
                words.ReadWord();
                status = status with { EffectiveGroup = (uint)words.ReadNumber() };
            }
            else if (line.StartsWith("NSpid:"u8))
            {
                status = status with { InnermostId = (int)TextCursor.Number(line[(line.LastIndexOf((byte)'\t') + 1)..]) };
            }
            else if (line.StartsWith("VmRSS:"u8))
            {
                TextCursor words = new(line[6..]);
                status = status with { ResidentBytes = words.ReadNumber() * 1024 };
            }
            else if (line.StartsWith("SigCgt:"u8))
            {
                status = status with { CaughtSignals = new TextCursor(line[7..]).ReadHex() };
                break; // Nothing that is needed stands below.
            }
        }
        return status;
    }
}
