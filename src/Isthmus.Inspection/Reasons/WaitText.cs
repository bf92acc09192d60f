using System.Globalization;
using System.Text;

namespace Isthmus.Inspection;

/// <summary>Puts a chain of waits into words.</summary>
internal static class WaitText
{
    public static string Describe(WaitChain chain)
    {
        StringBuilder text = new();
        for (int index = 0; index < chain.Steps.Count; index++)
        {
            WaitStep step = chain.Steps[index];
            bool isLast = index == chain.Steps.Count - 1;
            text.Append(index == 0 ? Subject(step) : ", " + Relative(step)).Append(' ').Append(Predicate(step));
            text.Append(
                step.Thread?.Wait.Kind is WaitKind.Receive or WaitKind.Send or WaitKind.Semaphore ? UsedBy(step)
                : !isLast || chain.End is WaitEnd.Deadlock or WaitEnd.Circle || step is { Thread: null, Holders.Count: > 0 } ? HeldBy(step)
                : "");
        }
        text.Append(chain.End switch
        {
            WaitEnd.Deadlock => ": a deadlock " + Members(chain.Cycle),
            WaitEnd.Circle => $": a circle {Members(chain.Cycle)}, a deadlock unless another part of one of them lets go",
            WaitEnd.NobodySeen => ", held by nobody who can be seen",
            _ => "",
        });
        return text.Append('.').ToString();
    }

    private static string Members(IReadOnlyList<WaitStep> cycle) => cycle.Select(step => step.Process.Id).Distinct().Count() switch
    {
        1 when cycle.Count == 1 => "with itself",
        1 => string.Create(CultureInfo.InvariantCulture, $"of {cycle.Count} threads"),
        var processes => string.Create(CultureInfo.InvariantCulture, $"of {processes} processes"),
    };

    private static string Subject(WaitStep step) => step is { Thread: not null, Process.Threads.Count: > 1 }
        ? string.Create(CultureInfo.InvariantCulture, $"thread {step.Thread!.Id} ({step.Thread.Name}) of {step.Process}")
        : step.Process.ToString();

    private static string Relative(WaitStep step) => step.Process.Threads.Count > 1 && step.Thread is { } thread && thread.Id != step.Process.Id
        ? string.Create(CultureInfo.InvariantCulture, $"whose thread {thread.Id} ({thread.Name})")
        : "which";

    private static string Predicate(WaitStep step)
    {
        ThreadWait? wait = step.Thread?.Wait;
        string what = NameOf(step);
        return wait?.Kind switch
        {
            null when step.Object is not null => $"awaits {what}",
            null => "was not looked at",
            WaitKind.Segment => $"waits for {what}",
            WaitKind.None => "is running",
            WaitKind.Stopped => "is stopped",
            WaitKind.Zombie when step.Process.Threads.Count > 1 => "has ended, while others of its process go on",
            WaitKind.Zombie => "has ended and was not reaped" + (step.Holders is [{ Process: var parent }] ? $" by its parent {parent}" : ""),
            WaitKind.Time => "sleeps for a time",
            WaitKind.Signal => "waits for a signal",
            WaitKind.Read => $"waits to read {what}",
            WaitKind.Write => $"waits to write to {what}",
            WaitKind.Poll => $"waits for {Several(wait, what)}",
            WaitKind.Accept => $"waits for a connection on {what}",
            WaitKind.Connect => $"waits to connect to {wait.Name ?? what}",
            WaitKind.OpenFifo => $"waits for the other end of {what} to be opened",
            WaitKind.FileLock => $"waits for {what}",
            WaitKind.Mutex when wait.HasOwnerEnded =>
                string.Create(CultureInfo.InvariantCulture, $"waits for a mutex whose owner, thread {wait.OwnerThreadId}, has ended and left it locked"),
            WaitKind.Mutex => "waits for a mutex",
            WaitKind.ThreadEnd => string.Create(CultureInfo.InvariantCulture, $"waits for its thread {wait.OwnerThreadId} to end"),
            WaitKind.Child => step.Holders.Count == 0 ? "waits for a child" : "waits for its child",
            WaitKind.ProgramStart => step.Holders.Count == 0 ? "waits for a child to start its program" : "waits for its child",
            WaitKind.Futex => $"waits for a word in {(step.Object is null ? "its memory" : what)}, which names no owner",
            WaitKind.Receive => $"waits for a message in {what}",
            WaitKind.Send => $"waits for room in {what}",
            WaitKind.Semaphore => $"waits for {what}",
            WaitKind.NotPermitted => "may not be looked at: not permitted (ptrace_scope)",
            _ => $"waits in the kernel ({wait.Call ?? wait.Channel ?? "not told where"})",
        };
    }

    private static string Several(ThreadWait wait, string what) => wait.Targets.Count switch
    {
        0 => "events",
        1 => what,
        _ => string.Create(CultureInfo.InvariantCulture, $"the first of {wait.Targets.Count} descriptors, among them {what}"),
    };

    private static string HeldBy(WaitStep step)
    {
        string holders = Holders(step);
        return (step.Thread?.Wait.Kind ?? WaitKind.Segment) switch
        {
            WaitKind.Segment => $" held by {holders}",
            WaitKind.Mutex => $" owned by {holders}",
            WaitKind.ThreadEnd or WaitKind.Zombie => "",
            WaitKind.Child => $" {holders} to end",
            WaitKind.ProgramStart => $" {holders} to start its program",
            WaitKind.FileLock => $" held by {holders}",
            WaitKind.Connect => $", where {holders} listens",
            _ when step.Object?.Kind is NodeKind.Pipe or NodeKind.Fifo => step.Target!.Value.Access switch
            {
                FileAccess.Read => $"; its write end is held by {holders}",
                FileAccess.Write => $"; its read end is held by {holders}",
                _ => $"; its other end is held by {holders}",
            },
            _ when step.Object?.Kind is NodeKind.PidFd => $", which tells the end of {holders}",
            _ => $"; its other end is held by {holders}",
        };
    }

    // Of what has no owner.
    private static string UsedBy(WaitStep step)
    {
        ThreadWait wait = step.Thread!.Wait;
        string who = step.Holders.Count > 0 ? Holders(step)
            : wait.LastProcessId is not { } last ? ""
            : last == step.Process.Id ? "itself"
            : string.Create(CultureInfo.InvariantCulture, $"process {last}, which is not there any more or not seen");
        return (wait.Kind, wait.LastProcessId) switch
        {
            _ when who.Length == 0 => "",
            (WaitKind.Semaphore, _) => $", changed last by {who}",
            (WaitKind.Receive, null) => $"; {who} may send there",
            (WaitKind.Send, null) => $"; {who} may receive there",
            (WaitKind.Receive, _) => $", last sent to by {who}",
            _ => $", last received from by {who}",
        };
    }

    private static string Holders(WaitStep step)
    {
        WaitHolder first = step.Holders[0];
        string name = first.ThreadId is { } thread && thread != first.Process.Id
            ? string.Create(CultureInfo.InvariantCulture, $"thread {thread} of {first.Process}")
            : first.Process.ToString();
        return step.Holders.Count switch
        {
            1 => name,
            2 => $"{name} and {step.Holders[1].Process}",
            _ => string.Create(CultureInfo.InvariantCulture, $"{name} and {step.Holders.Count - 1} others"),
        };
    }

    private static string NameOf(WaitStep step) => step.Object switch
    {
        null => step.Thread?.Wait.Name ?? "something that was not found",
        FileLockNode held => $"the {LockWord(held.Flavour)} on {held.Name ?? held.File.ToString()}",
        SegmentNode segment => $"the shared {segment.SegmentKind} {segment.Name ?? segment.Id.Text}",
        SocketNode { Name: null, PeerName: { } peer } socket => $"{KindWord(socket.Kind)} {socket.Id.Text} (connected to {peer})",
        { Name: null } nameless => $"{KindWord(nameless.Kind)} {nameless.Id.Text}",
        var named => $"{KindWord(named.Kind)} {named.Name}",
    };

    private static string LockWord(FileLockFlavour flavour) => flavour switch
    {
        FileLockFlavour.Posix => "POSIX lock",
        FileLockFlavour.Ofd => "OFD lock",
        FileLockFlavour.Flock => "flock",
        FileLockFlavour.Lease => "lease",
        _ => "delegation",
    };

    private static string KindWord(NodeKind kind) => kind switch
    {
        NodeKind.Fifo => "FIFO",
        NodeKind.UnixSocket => "Unix socket",
        NodeKind.TcpSocket => "TCP socket",
        NodeKind.UdpSocket => "UDP socket",
        NodeKind.PosixMessageQueue or NodeKind.SystemVMessageQueue => "message queue",
        NodeKind.PosixSharedMemory or NodeKind.SystemVSharedMemory or NodeKind.MemFd or NodeKind.AnonymousSharedMemory => "shared memory",
        NodeKind.PosixSemaphore => "semaphore",
        NodeKind.SystemVSemaphoreSet => "semaphore set",
        NodeKind.PseudoTerminal => "terminal",
        _ => kind.ToWord(),
    };
}
