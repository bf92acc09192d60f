namespace Isthmus.Tests.Explorer;

/// <summary>
/// Requests and replies. Promises: a call is taken by one server, once, and not after its client took it back; a reply is whole and that of its call,
/// also in a cell whose last call was given up; nobody waits for ever for a call that nobody has or will have; no server sleeps while there is a call.
/// </summary>
internal sealed class RequestSubject : Subject
{
    private const int ReplyAt = 8;

    // The words in the order in which they are declared: that of the servers, then those of each cell.
    private const int ServersAt = 0, WordsOfCell = 5;

    // Ghosts of each slot: the ids of its calls that servers have taken; those that it has taken back.
    private const int GhostsOfSlot = 2, Taken = 0, TakenBack = 1;

    // The ghost after those: how many servers and clients were stopped for ever.
    private static readonly int s_stopped = GhostsOfSlot * WorldState.Masks.Count;

    // Of who posts a call: the store, the fence, the look, the raising.
    private const int StepsToWake = 4;

    // Locals of a client: the id of its call; the reply word seen last. Of a server: the call word that it has; whose.
    private const int Id = 0, Seen = 1, Call = 0, Client = 1;

    private const ulong ReplyOffset = 100;

    private readonly int _comersAt;

    public RequestSubject(int clients = 1)
    {
        _comersAt = ServersAt + 1 + (clients * WordsOfCell);
        Word(RequestWaitWord.Servers, "servers");
        SlotWord(0, "peer", 0, word => $"{(RequestPeerWord.Serves(word) ? "serves" : "")} {RequestPeerWord.CellsOf(word, 9)} cells");
        for (int slot = 0; slot < clients; slot++)
        {
            int cell = Cells.Of(slot, 0);
            Word(cell + RequestCells.CallAt, $"call{slot}", 0, ShowCall);
            Word(cell + RequestCells.WaitAt, $"sleep{slot}");
            Word(cell + RequestCells.RequestAt, $"request{slot}");
            Word(cell + ReplyAt, $"reply{slot}", 0, ShowReply);
            Word(cell + ReplyAt + RequestCells.ReplyBytesAt, $"bytes{slot}");
        }
        Word(RequestWaitWord.Comers, "comers");
    }

    /// <summary>One cell for each slot, each in a line of its own.</summary>
    public static RequestCells Cells { get; } = new(2 * StateLayout.WordsPerLine, StateLayout.WordsPerLine, ReplyAt, 1);

    public static Suite Suite
    {
        get
        {
            RequestSubject one = new(), two = new(2), none = new(0);
            Routine client = one.Caller, server = one.Server;
            Routine calls = client with { Rounds = 2 }, serves = server with { Rounds = 3 };
            Routine bells = calls with { Waiters = Waiters.Bells }, servesByBell = serves with { Waiters = Waiters.Bells };
            Routine parts = one.PartsCaller, writes = one.PartsServer;
            return new Suite(
                "request",
                Whole:
                [
                    new Scenario(one, [client], [server]) { Crashes = 1, HasSpuriousWakes = false },
                    new Scenario(two, [client], [server]) { Crashes = 1, HasSpuriousWakes = false, Occupant = client, PreemptionsMax = 2 },
                    new Scenario(one, [client], [server]) { Crashes = 1, HasSpuriousWakes = false, Occupant = server, PreemptionsMax = 2 },
                    new Scenario(one, [calls], [serves]) { HasSpuriousWakes = false, PreemptionsMax = 4 },
                    new Scenario(one, [client], [server], [server]) { Crashes = 1, HasSpuriousWakes = false, PreemptionsMax = 1 },
                    new Scenario(one, [parts], [writes]) { Crashes = 1, HasSpuriousWakes = false, PreemptionsMax = 4 },
                    new Scenario(none, [none.Comer], [none.Beginner]) { Crashes = 1, Occupant = none.Beginner },
                    new Scenario(none, [none.Comer], [none.Comer with { Waiters = Waiters.Bells }], [none.Beginner]) { HasSpuriousWakes = false },
                ],
                Sampled:
                [
                    new Scenario(one, [calls], [serves], [servesByBell]) { Crashes = 2, Occupant = server },
                    new Scenario(one, [bells], [servesByBell], [serves]) { Crashes = 2 },
                    new Scenario(two, [calls], [bells], [serves with { Rounds = 5 }]) { Crashes = 1, Spins = 1 },
                    new Scenario(two, [calls], [serves]) { Crashes = 1, Occupant = client },
                    new Scenario(two, [calls], [calls], [server with { Rounds = 5 }, server with { Rounds = 5 }]) { Crashes = 1 },
                    new Scenario(two, [calls], [calls], [one.StoppedServer], [serves with { Rounds = 4 }]),
                    new Scenario(two, [one.StoppedCaller], [calls], [serves], [serves]) { Spins = 1 },
                    new Scenario(one, [parts with { Rounds = 2 }], [writes with { Rounds = 2 }]) { Crashes = 1, Spins = 1 },
                ])
            { StatesMax = 60_000 };
        }
    }

    public Instruction Post { get; init; } = Instruction.Run(me => new RequestPost(Cells.Of(me.Slot, 0), me[Id]));

    public Instruction Await { get; init; } = Instruction.Run(me => Awaiting(me), (me, wait) => Awaited(me, wait.End, wait.Reply)).Timed();

    public Instruction Receive { get; init; } = Instruction.Run(
        me => Receiving(me), (me, receive) => Received(me, receive)).Timed();

    public Instruction Tell { get; init; } = Instruction.Run(me => new RequestNotify(RequestWaitWord.Comers));

    public Instruction Answer { get; init; } = Answering(RequestReplyState.Replied);

    /// <summary>Whether the last call's server is done with the cell.</summary>
    public Instruction LookWhetherFree { get; init; } = Instruction.Run(me => Load(me.Slot, ReplyAt), (me, reply) => LookedWhetherFree(me, reply.Found));

    public override Instruction Recovery { get; init; } = Instruction.Run(me => new RequestRecovery(Cells, me.Victim, me.IsProven));

    public override int Ghosts => s_stopped + 1;

    /// <summary>Calls, and reads the reply, unless it gives up.</summary>
    public Routine Caller => new("client", LookAtCall, LookWhetherFree, Use, Put, Post, Await, GetReply);

    /// <summary>Waits for a server, unless it gives up.</summary>
    public Routine Comer => new("comer", AwaitServer);

    /// <summary>Begins to serve, and tells those who wait for that.</summary>
    public Routine Beginner => new("server", Serve, Tell);

    /// <summary>Answers one call, unless it gives up waiting for one.</summary>
    public Routine Server => new("server", Serve, Receive, GetRequest, PutReply(0), Answer);

    /// <summary>Calls, and is stopped for ever when it is going to wake a server.</summary>
    public Routine StoppedCaller => new("client", LookAtCall, LookWhetherFree, Use, Put, StoppedPost);

    /// <summary>Is stopped for ever when a wake has ended its sleep.</summary>
    public Routine StoppedServer => new("server", Serve, StoppedReceive, GetRequest, PutReply(0), Answer);

    /// <summary>Calls, and reads a reply of one part and a last one.</summary>
    public Routine PartsCaller => new("client", LookAtCall, LookWhetherFree, Use, Put, Post, Await, GetPart, Take, Await, GetReply);

    /// <summary>Answers with one part and a last one.</summary>
    public Routine PartsServer => new(
        "server", Serve, Receive, GetRequest, PutReply(1), WritePart, AwaitTaken, PutReply(0), Answer);

    public static RequestAwait Awaiting(Actor me) => new(Cells, Cells.Of(me.Slot, 0), me[Id], me[Seen], me.Waiters);

    public static ReplyReceive Receiving(Actor me) => new(Cells, me.Slot, 0, 0, me.Waiters);

    public static void Awaited(Actor me, RequestEnd end, ulong reply)
    {
        switch (end)
        {
            case RequestEnd.News:
                me[Seen] = reply;
                RequestReplyState state = RequestReplyWord.StateOf(reply);
                me.Check(state != RequestReplyState.Died || me.World.Crashes > 0, "was told of a death that was none");
                if (state == RequestReplyState.Died)
                {
                    me.EndRound();
                }
                return;
            case RequestEnd.Cancelled:
                me.Check(me.IsWithdrawn, "gave up by itself");
                break;
            default:
                me.Check(end == RequestEnd.NoServer || me.IsWithdrawn, "gave up by itself");
                me.World.Ghost(GhostOf(me.Slot, TakenBack)) |= 1UL << (int)me[Id];
                break;
        }
        me.EndRound();
    }

    public static void Received(Actor me, ReplyReceive receive)
    {
        if (!receive.Received)
        {
            me.Check(me.IsWithdrawn, "gave up by itself");
            me.EndRound();
            return;
        }
        (me[Call], me[Client]) = (receive.Call, (ulong)receive.Slot);
        ref ulong taken = ref me.World.Ghost(GhostOf(receive.Slot, Taken));
        ulong bit = 1UL << (int)IdOf(me);
        me.Check((taken & bit) == 0, "has a call that was taken before");
        me.Check((me.World.Ghost(GhostOf(receive.Slot, TakenBack)) & bit) == 0, "has a call that was taken back");
        taken |= bit;
    }

    public override void CheckAtRest(World world)
    {
        for (int slot = 0; slot < world.Capacity && Cells.Of(slot, 0) < StateLayout.Slot(0); slot++)
        {
            ulong call = IsCaller(world, slot) ? world.Peek(Cells.Of(slot, 0) + RequestCells.CallAt) : 0;
            RequestCallState state = RequestCallWord.StateOf(call);
            if (state == RequestCallState.Posted && !world.IsAlive(slot))
            {
                world.Fail("in the end the call of somebody dead is there");
            }
            if (state >= RequestCallState.Claimed && !world.IsAlive(RequestCallWord.ServerOf(call))
                && !RequestReplyWord.Ends(world.Peek(Cells.Of(slot, 0) + ReplyAt), RequestCallWord.IdOf(call)))
            {
                world.Fail("in the end somebody dead has a call");
            }
        }
    }

    public override bool MayRest(Actor sleeper)
    {
        World world = sleeper.World;
        ulong posted = 0;
        bool isServed = false;
        for (int slot = 0; slot < world.Capacity; slot++)
        {
            bool isPosted = IsCaller(world, slot)
                && RequestCallWord.StateOf(world.Peek(Cells.Of(slot, 0) + RequestCells.CallAt)) == RequestCallState.Posted;
            posted += isPosted ? 1UL : 0;
            isServed |= RequestPeerWord.Serves(world.Peek(RequestPeerWord.Word(slot))) && world.IsAlive(slot);
        }
        return world.Thread(sleeper.Thread).Word switch
        {
            ServersAt => posted <= world.Ghost(s_stopped),
            byte at when at == _comersAt => !isServed,
            // The servers have done all their rounds.
            byte at when (at - ServersAt - 1) % WordsOfCell == RequestCells.WaitAt => isServed
                && RequestCallWord.StateOf(world.Peek(Cells.Of(sleeper.Slot, 0) + RequestCells.CallAt)) == RequestCallState.Posted,
            _ => false,
        };
    }

    private Instruction AwaitServer { get; } = Instruction.Run(
        me => new RequestAwaitServer(me.Waiters), (me, wait) => me.Check(wait.Found || me.IsWithdrawn, "gave up by itself")).Timed();

    private Instruction StoppedPost { get; } = Instruction.Run(
        me => new Stopped<RequestPost>(new RequestPost(Cells.Of(me.Slot, 0), me[Id]), StepsToWake),
        (me, post) => me.World.Ghost(s_stopped) += post.IsStopped ? 1UL : 0);

    private Instruction StoppedReceive { get; } = Instruction.Run(
        me => new Stopped<ReplyReceive>(Receiving(me)),
        (me, receive) =>
        {
            if (receive.IsStopped)
            {
                me.World.Ghost(s_stopped)++;
                me.EndRound();
                return;
            }
            Received(me, receive.Operation);
        });

    private Instruction LookAtCall { get; } = Instruction.Run(me => Load(me.Slot, RequestCells.CallAt), (me, call) =>
    {
        me[Id] = RequestCallWord.IdOf(call.Found) + 1;
        me[Seen] = 0;
        if (RequestCallWord.StateOf(call.Found) == RequestCallState.Idle)
        {
            me.Skip(1);
        }
    });

    private Instruction Use { get; } = Instruction.Run(me => new RequestPeerChange(me.Slot, RequestRole.Calls, 1));

    private Instruction Put { get; } = Instruction.Run(
        me => new Access(AccessKind.Store, Cells.Of(me.Slot, 0) + RequestCells.RequestAt, RequestOf(me.Slot, me[Id])));

    private Instruction GetReply { get; } = Reading(0);

    private Instruction GetPart { get; } = Reading(1);

    private Instruction Take { get; } = Instruction.Run(me => new RequestTake(Cells.Of(me.Slot, 0), me[Id]));

    private Instruction GetRequest { get; } = Instruction.Run(
        me => Load((int)me[Client], RequestCells.RequestAt),
        (me, request) => me.Check(request.Found == RequestOf((int)me[Client], IdOf(me)), $"has the request {request.Found} of another call"));

    private Instruction WritePart { get; } = Answering(RequestReplyState.Frame);

    private Instruction AwaitTaken { get; } = Instruction.Run(
        me => new ReplyWatch(Cells.Of((int)me[Client], 0), IdOf(me), RequestCallWord.TakenBit, me.Waiters),
        (me, watch) => me.Check(watch.Taken || watch.Cancelled, "stopped waiting for its client"));

    private static Instruction Serve => Instruction.Run(me => new RequestPeerChange(me.Slot, RequestRole.Serves, 0), (me, _) => me[Call] = 0);

    private static Instruction PutReply(ulong part) => Instruction.Run(me => new Access(
        AccessKind.Store,
        Cells.Of((int)me[Client], 0) + ReplyAt + RequestCells.ReplyBytesAt,
        ReplyTo((int)me[Client], IdOf(me), part)));

    private static Instruction Answering(RequestReplyState state) => Instruction.Run(
        me => new RequestPublish(Cells, Cells.Of((int)me[Client], 0), RequestReplyWord.Of(IdOf(me), state, state == RequestReplyState.Frame ? 1 : 0)));

    private static Instruction Reading(ulong part) => Instruction.Run(
        me => Load(me.Slot, ReplyAt + RequestCells.ReplyBytesAt),
        (me, reply) => me.Check(reply.Found == ReplyTo(me.Slot, me[Id], part), $"has the reply {reply.Found} to another call"));

    private static void LookedWhetherFree(Actor me, ulong reply)
    {
        if (!RequestReplyWord.Ends(reply, me[Id] - 1))
        {
            me.EndRound();
        }
    }

    private static bool IsCaller(World world, int slot) => RequestPeerWord.CellsOf(world.Peek(RequestPeerWord.Word(slot)), 1) > 0;

    private static int GhostOf(int slot, int which) => (slot * GhostsOfSlot) + which;

    private static ulong IdOf(Actor me) => RequestCallWord.IdOf(me[Call]);

    private static Access Load(int slot, int at) => new(AccessKind.Load, Cells.Of(slot, 0) + at, 0);

    private static ulong RequestOf(int slot, ulong id) => (id * 10) + (ulong)slot + 1;

    private static ulong ReplyTo(int slot, ulong id, ulong part) => RequestOf(slot, id) + ReplyOffset + (part * ReplyOffset);

    private static string ShowCall(ulong word) =>
        $"{RequestCallWord.StateOf(word)} #{RequestCallWord.IdOf(word)} by p{RequestCallWord.ServerOf(word)} {WaiterFlags.Of(word)}";

    private static string ShowReply(ulong word) => $"{RequestReplyWord.StateOf(word)} #{RequestReplyWord.IdOf(word)}";
}
