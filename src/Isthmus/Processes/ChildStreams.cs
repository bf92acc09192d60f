using System.Runtime.InteropServices;
using Isthmus.Native;

namespace Isthmus;

/// <summary>The descriptors of a child that is being prepared: what it gets, and the ends of its pipes that stay
/// here.</summary>
internal sealed class ChildStreams : IDisposable
{
    private const int NumberMax = 1023;

    private readonly PipeEnd?[] _ourEnds = new PipeEnd?[DescriptorMap.StandardCount];
    private readonly List<int> _terminalNumbers = [];

    /// <exception cref="PosixException">A file cannot be opened, or there are too many descriptors.</exception>
    public ChildStreams(ChildProcessOptions options)
    {
        try
        {
            options.StandardInput.Connect(this, 0);
            options.StandardOutput.Connect(this, 1);
            options.StandardError.Connect(this, 2);
            foreach ((int number, SafeHandle handle) in options.Descriptors)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(number, DescriptorMap.StandardCount, nameof(options.Descriptors));
                ArgumentOutOfRangeException.ThrowIfGreaterThan(number, NumberMax, nameof(options.Descriptors));
                Descriptors.Add(number, handle);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public DescriptorMap Descriptors { get; } = new();

    /// <summary>Standard error becomes a copy of standard output.</summary>
    public bool ErrorsToOutput { get; set; }

    /// <summary>The terminal that the child gets as its controlling one.</summary>
    public PseudoTerminal? Terminal { get; private set; }

    public void AddPipe(int number)
    {
#pragma warning disable CA2000 // Its ends are disposed one by one: one goes to the child, one to the caller.
        AnonymousPipe pipe = AnonymousPipe.Create();
#pragma warning restore CA2000
        _ourEnds[number] = number == 0 ? pipe.Writer : pipe.Reader;
        Descriptors.AddOwned(number, number == 0 ? pipe.Reader.Handle : pipe.Writer.Handle);
    }

    public void AddTerminal(int number, PseudoTerminal terminal)
    {
        if (Terminal is not null && Terminal != terminal)
        {
            throw new ArgumentException("A child can have one controlling terminal only.");
        }
        Terminal = terminal;
        _terminalNumbers.Add(number);
    }

    /// <summary>The leader of a new session gets the first terminal that it opens as its controlling terminal.</summary>
    public void AddTerminalActions(ref SpawnActions actions)
    {
        foreach (int number in _terminalNumbers)
        {
            actions.Open(number, Terminal!.Name, LibC.O_RDWR);
        }
    }

    /// <summary>Gives our end of the standard input's pipe away; null when that is no pipe.</summary>
    public PipeWriteEnd? TakeInput() => (PipeWriteEnd?)Take(0);

    /// <summary>As <see cref="TakeInput"/>, for standard output (1) and error (2).</summary>
    public PipeReadEnd? TakeOutput(int number) => (PipeReadEnd?)Take(number);

    public void Dispose()
    {
        Descriptors.Dispose();
        foreach (PipeEnd? end in _ourEnds)
        {
            end?.Dispose();
        }
    }

    private PipeEnd? Take(int number)
    {
        PipeEnd? end = _ourEnds[number];
        _ourEnds[number] = null;
        return end;
    }
}
