using System.Globalization;
using System.Runtime.InteropServices;
using Isthmus.Native;
using Isthmus.Tests.Harness;
using Isthmus.Tests.Processes;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Segments;

/// <summary>
/// Another process that takes part in a segment and does, line by line, what it is told: this test program, or the one in C. Killed when it is disposed.
/// </summary>
internal sealed class OtherParticipant : IDisposable
{
    private readonly ChildProcess _process;
    private readonly StreamReader _answers;

    private OtherParticipant(ChildProcess process)
    {
        _process = process;
        _answers = new StreamReader(process.StandardOutput);
        Slot = int.Parse(Answer(), CultureInfo.InvariantCulture);
    }

    /// <summary>Which it has taken.</summary>
    public int Slot { get; }

    public ProcessHandle Process => _process.Process;

    /// <summary>This test program, in the segment "x" of a directory.</summary>
    public static OtherParticipant Start(string directory) => Start([], directory);

    /// <summary>The same, started by another program, such as unshare.</summary>
    public static OtherParticipant Start(string[] starter, string directory) =>
        StartProgram([.. starter, Environment.ProcessPath!, .. Child.Arguments(ByName, directory)], null);

    /// <summary>This test program, in a segment without a name.</summary>
    /// <param name="body">How it gets it.</param>
    /// <param name="descriptor">Becomes its descriptor 3.</param>
    public static OtherParticipant Start(Action<string[]> body, SafeHandle descriptor) =>
        StartProgram([Environment.ProcessPath!, .. Child.Arguments(body)], descriptor);

    public static OtherParticipant StartProgram(string[] command, SafeHandle? descriptor) => new(ChildProcess.Start(new ChildProcessOptions
    {
        FileName = command[0],
        Arguments = command[1..],
        StandardInput = StandardStream.Pipe,
        StandardOutput = StandardStream.Pipe,
        Descriptors = descriptor is null ? new() : new Dictionary<int, SafeHandle> { [3] = descriptor },
    }));

    /// <summary>Tells it to do something; what it answers.</summary>
    public string Ask(string command)
    {
        Tell(command);
        return Answer();
    }

    public void Tell(string command)
    {
        byte[] line = [.. command.Select(static each => (byte)each), (byte)'\n'];
        _process.StandardInput.Write(line);
    }

    public string Answer() => _answers.ReadLineAsync().OrHang().GetAwaiter().GetResult() ?? "<eof>";

    public void Kill()
    {
        _process.Send(Signal.SIGKILL);
        _process.WaitAsync().OrHang().GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        Kill();
        _answers.Dispose();
        _process.Dispose();
    }

    /// <summary>In the segment whose descriptor is number 3.</summary>
    public static void ByInheritance(string[] args)
    {
        using SafeFileHandle memory = InheritedHandle.Take(3);
        Segment segment = Segment.Open(TestKind.Mutex, memory);
        memory.Dispose();
        Obey(segment);
    }

    /// <summary>In the segment that comes by the Unix socket whose descriptor is number 3.</summary>
    public static void BySocket(string[] args)
    {
        using SafeFileHandle handle = InheritedHandle.Take(3);
        using UnixSocket socket = UnixSocket.FromHandle(handle);
        using ReceivedMessage message = socket.ReceiveMessage(new byte[1]);
        Obey(Segment.Open(TestKind.Mutex, message.Handles[0]));
    }

    private static void ByName(string[] args) => Obey(TestKind.Open(args[0]));

    private static void Obey(Segment segment)
    {
        Console.WriteLine(segment.Slot);
        ulong owned = 0;
        while (Console.ReadLine() is { } command)
        {
            string[] words = command.Split(' ');
            Console.WriteLine(words[0] switch
            {
                "enter" => TestKind.TryEnter(segment, out owned).ToString(),
                "exit" => TestKind.Exit(segment, owned).ToString(),
                "dead" => segment.IsDead(int.Parse(words[1], CultureInfo.InvariantCulture)).ToString(),
                "identity" => ProcessIdentity.Current.ToString(),
                "spawn" => RawChild.Start("exec sleep 1000 > /dev/null").ToString(CultureInfo.InvariantCulture),
                "abandon" => Abandon(segment),
                "recover" => RecoverWithPause(segment, int.Parse(words[1], CultureInfo.InvariantCulture)),
                _ => "",
            });
            if (words[0] == "exec")
            {
                Exec.Replace("cat");
            }
        }
    }

    // What is left of a killed process for a moment: its lock is free, and its doorbell does not tell yet.
    private static string Abandon(Segment segment)
    {
        segment.Abandon();
        return "abandoned";
    }

    // Stops itself between the proof and the repair; some day it is continued.
    private static string RecoverWithPause(Segment segment, int slot)
    {
        MutexRecovery recovery = new(slot, proven: false);
        SegmentMemory memory = segment.Memory;
        ulong seen = segment.Roster.StateWord(slot);
        recovery.Step(ref memory);
        recovery.Step(ref memory);
        LibC.kill(LibC.getpid(), Signal.SIGSTOP.Number);
        Driver.Run(ref memory, ref recovery);
        segment.Roster.TryVacate(slot, seen);
        return "recovered";
    }
}
