using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using Isthmus.Tests.Harness;
using Isthmus.Tests.Planted;

namespace Isthmus.Cli.Tests.Commands;

public sealed class MapCommandTests : IDisposable
{
    // Two that talk by a pipe and by a pair of sockets; a third one has a pipe with the second.
    private readonly Actor _actor = Actor.Python("""
        one, two, ready = os.pipe(), os.pipe(), os.pipe()
        left, right = socket.socketpair()
        def body(*kept):
            ends = sorted((*kept, ready[1]))
            for low, high in zip([-1, *ends], [*ends, 256]): os.closerange(low + 1, high)
            os.write(ready[1], b"x"); os.close(ready[1]); signal.pause()
        ids = [fork(lambda: body(one[1], left.fileno())), fork(lambda: body(one[0], right.fileno(), two[1])), fork(lambda: body(two[0]))]
        for fd in (*one, *two, ready[1]): os.close(fd)
        # Until each of them has closed its end, too.
        while os.read(ready[0], 1): pass
        left.close(); right.close(); say(*ids); hold()
        """);

    private readonly int[] _ids;

    public MapCommandTests() => _ids = _actor.ReadNumbers();

    public void Dispose() => _actor.Dispose();

    [Fact]
    public void Depth_is_how_many_processes_away()
    {
        Assert.Equal(_ids[..1], ProcessesOn(Map(0)));
        Assert.Equal(_ids[..2].Order(), ProcessesOn(Map(1)));
        Assert.Equal(_ids.Order(), ProcessesOn(Map(2)));
    }

    [Fact]
    public void Bytes_flow_along_the_lines()
    {
        JsonElement map = Map(1);
        string pipe = Assert.Single(Ends(map, "writes", $"process:{_ids[0]}"));
        Assert.StartsWith("pipe:", pipe, StringComparison.Ordinal);
        Assert.Equal([$"process:{_ids[1]}"], Ends(map, "reads", pipe));
        string socket = Assert.Single(Ends(map, "open", $"process:{_ids[0]}"));
        Assert.Contains(Lines(map), line => line.Relation == "connected" && (line.From == socket || line.To == socket));
    }

    [Fact]
    public void Text_tells_who_stands_behind_each_object()
    {
        (string text, int exitCode) = Tool.Run("map", Number(_ids[0]));
        Assert.Equal(0, exitCode);
        string line = Assert.Single(text.Split('\n'), line => line.StartsWith("  writes pipe ", StringComparison.Ordinal));
        Assert.Contains($" -- {_ids[1]} (", line, StringComparison.Ordinal);
        Assert.EndsWith(" reads", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_shares_with_many_is_told_with_some_of_them()
    {
        using Actor actor = Actor.Python("""
            r, w = os.pipe(); say(*[fork(hold) for _ in range(30)]); hold()
            """);
        string text = Tool.Run("map", Number(actor.ReadNumber())).Output;
        string[] pipes = [.. text.Split('\n').Where(line => line.StartsWith("  writes pipe ", StringComparison.Ordinal))];
        Assert.Contains(pipes, line => line.EndsWith(" and 23 more", StringComparison.Ordinal));
    }

    [Fact]
    public void Svg_is_a_drawing_with_all_nodes_and_no_script()
    {
        string output = Tool.Run("map", Number(_ids[0]), "--depth", "2", "--format", "svg").Output;
        // What may not be looked at is told behind it, on standard error.
        XElement drawing = XElement.Parse(output[..(output.IndexOf("</svg>", StringComparison.Ordinal) + "</svg>".Length)]);
        string[] boxes =
        [
            .. from box in drawing.Descendants().Where(element => element.Name.LocalName == "g" && element.Attribute("class")?.Value == "process")
               select box.Elements().First().Value.Split(' ')[0],
        ];
        Assert.Equal(_ids.Select(Number).Order(), boxes.Order());
        Assert.DoesNotContain(drawing.Descendants(), element => element.Name.LocalName == "script");
    }

    [Fact]
    public async Task A_line_is_as_thick_as_what_passes_and_what_waits()
    {
        using Actor actor = Actor.Python("""
            listener = socket.socket(); listener.bind(("127.0.0.1", 0)); listener.listen()
            full = os.pipe()
            def sender():
                peer = socket.create_connection(listener.getsockname()); listener.close(); os.close(full[0])
                while True:
                    peer.sendall(b"x" * 10000); time.sleep(0.001)
            child = fork(sender)
            taker, _ = listener.accept(); listener.close()
            os.write(full[1], b"x" * 65536); os.close(full[1])
            say(child)
            while taker.recv(65536): pass
            """);
        string child = Number(actor.ReadNumber());
        JsonElement[] nodes = [];
        // Between two looks the sender need not have run. What others have in common with who has started it, may be there, too.
        await Eventually.IsTrue(() =>
        {
            string json = Tool.Run("map", child, "--interval", "100ms", "--fill", "--json").Output;
            nodes = [.. System.Text.Json.JsonDocument.Parse(json).RootElement.GetProperty("nodes").EnumerateArray()];
            return nodes.Count(node => node.GetProperty("kind").GetString() == "tcp"
                && node.GetProperty("rate") is { ValueKind: JsonValueKind.Number } rate && rate.GetDouble() > 0) >= 2;
        });
        JsonElement pipe = nodes.Single(node => node.GetProperty("kind").GetString() == "pipe" && node.GetProperty("fill").ToString() == "65536");
        Assert.Equal(65536, pipe.GetProperty("capacity").GetInt64());
        string drawing = "";
        await Eventually.IsTrue(() =>
        {
            drawing = Tool.Run("map", child, "--interval", "100ms", "--fill", "--format", "svg").Output;
            return drawing.Contains(" B/s", StringComparison.Ordinal);
        });
        Assert.Contains("stroke-width:6.0", drawing, StringComparison.Ordinal);
        Assert.Contains("66k of 66k", drawing, StringComparison.Ordinal);
        Assert.Contains("penwidth=6.0", Tool.Run("map", child, "--fill", "--format", "dot").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Dot_names_each_line_once()
    {
        string output = Tool.Run("map", Number(_ids[0]), "--format", "dot").Output;
        string[] lines = [.. output.Split('\n').Where(line => line.Contains("->", StringComparison.Ordinal))];
        Assert.Equal(lines.Distinct(), lines);
        Assert.Contains(lines, line => line.Contains("[label=\"writes\"]", StringComparison.Ordinal));
    }

    [Fact]
    public void Bad_input_is_refused()
    {
        Tool.AssertFails(1, "There is no process 4194305.", "map", "4194305");
        Tool.AssertFails(2, "'png'", "map", "--format", "png");
        Tool.AssertFails(2, "--depth", "map", "--depth", "-1");
        Tool.AssertFails(2, "'nobody'", "map", "nobody");
    }

    private JsonElement Map(int depth)
    {
        (string json, int exitCode) = Tool.Run("map", Number(_ids[0]), "--depth", Number(depth), "--json");
        Assert.Equal(depth > 0 ? 0 : exitCode, exitCode);
        return System.Text.Json.JsonDocument.Parse(json).RootElement;
    }

    private static IEnumerable<int> ProcessesOn(JsonElement map) =>
        (from node in map.GetProperty("nodes").EnumerateArray()
         where node.GetProperty("kind").GetString() == "process"
         select int.Parse(node.GetProperty("id").GetString()!, CultureInfo.InvariantCulture)).Order();

    private static IEnumerable<string> Ends(JsonElement map, string relation, string from) =>
        Lines(map).Where(line => line.Relation == relation && line.From == from).Select(line => line.To);

    private static IEnumerable<(string From, string To, string Relation)> Lines(JsonElement map) =>
        from edge in map.GetProperty("edges").EnumerateArray()
        select (edge.GetProperty("from").GetString()!, edge.GetProperty("to").GetString()!, edge.GetProperty("relation").GetString()!);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
