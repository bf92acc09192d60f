using Isthmus.Inspection;

namespace Isthmus.Cli.Inspection;

/// <summary>How a process uses an object.</summary>
internal sealed record ObjectUse(ProcessNode Process, Edge Edge)
{
    /// <summary>The word in texts and JSON: <c>open</c>, <c>listens</c>, <c>maps</c>, <c>takes_part</c>, <c>holds</c>, <c>waits</c>.</summary>
    public string Relation => Edge.Kind switch
    {
        EdgeKind.HoldsOpen => "open",
        EdgeKind.ListensOn => "listens",
        EdgeKind.Maps => "maps",
        EdgeKind.TakesPart => "takes_part",
        EdgeKind.HoldsLock => "holds",
        EdgeKind.WaitsFor => "waits",
        _ => "other",
    };

    /// <summary><c>r</c>, <c>w</c>, <c>rw</c>; null for neither.</summary>
    public string? Access => Edge.Access switch
    {
        FileAccess.Read => "r",
        FileAccess.Write => "w",
        FileAccess.ReadWrite => "rw",
        _ => null,
    };
}
