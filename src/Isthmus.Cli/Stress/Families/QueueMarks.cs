using System.IO.MemoryMappedFiles;

namespace Isthmus.Cli.Stress.Families;

/// <summary>What became of each message, in a file that all processes of a run map: two bytes for each, which are never 0 again.</summary>
internal sealed class QueueMarks : IDisposable
{
    /// <summary>The most messages of a process through a queue.</summary>
    public const int MessagesMax = 1 << 16;

    private const string FileName = "marks";
    private const long BytesOfQueue = 2L * MessagesMax;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    public QueueMarks(StressPlace place)
    {
        _file = MemoryMappedFile.CreateFromFile(Path.Combine(place.Directory, FileName), FileMode.Open);
        _view = _file.CreateViewAccessor();
    }

    /// <summary>Makes the file: as large as it may become, and empty, so that it takes no room yet.</summary>
    public static void Create(StressPlace place)
    {
        using FileStream file = File.Create(Path.Combine(place.Directory, FileName));
        file.SetLength(place.Ledger.Records * QueueFamily.Queues * BytesOfQueue);
    }

    public bool IsTaken(in QueueStressMessage message) => _view.ReadByte(At(message)) != 0;

    public void Take(in QueueStressMessage message) => _view.Write(At(message), (byte)1);

    /// <summary>Whether one who took it has given it back itself.</summary>
    public bool IsGivenBack(in QueueStressMessage message) => _view.ReadByte(At(message)) == 2;

    public void GiveBack(in QueueStressMessage message) => _view.Write(At(message), (byte)2);

    public bool IsFinished(in QueueStressMessage message) => _view.ReadByte(At(message) + 1) != 0;

    public void Finish(in QueueStressMessage message) => _view.Write(At(message) + 1, (byte)1);

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    private static long At(in QueueStressMessage message) =>
        ((((message.Producer - 1) * QueueFamily.Queues) + message.Queue) * BytesOfQueue) + (2 * message.Number);
}
