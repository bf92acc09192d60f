using System.Globalization;
using System.Runtime.CompilerServices;

namespace Isthmus.Cli.Bench;

/// <summary>Two System V message queues, one for each way. sysvipc(7)</summary>
internal sealed class SystemVQueueMechanism : Mechanism
{
    private static readonly int s_sizeMax = LargestThatFits(SystemVMessageQueueLimits.Read());

    public override string Name => "sysv-mq";

    public override int Rank => 26;

    public override Rows Latency => Rows.Sync | Rows.OneCpu;

    public override Rows Throughput => Rows.Sync | Rows.OneCpu;

    public override int? SizeMax => s_sizeMax;

    [ModuleInitializer]
    internal static void Register() => BenchCatalog.Add(new SystemVQueueMechanism());

    public override Offer Offer(string directory)
    {
        SystemVMessageQueue input = SystemVMessageQueue.Create(SystemVKey.Private);
        SystemVMessageQueue output;
        try
        {
            output = SystemVMessageQueue.Create(SystemVKey.Private);
        }
        catch
        {
            input.Remove();
            throw;
        }
        QueueConnection connection = new(input, output);
        return new Offer(connection.Address, [], () => connection);
    }

    public override Connection Join(string address, IReadOnlyList<SafeFileHandle> handles)
    {
        int[] ids = [.. address.Split(' ').Select(id => int.Parse(id, CultureInfo.InvariantCulture))];
        return new QueueConnection(SystemVMessageQueue.Open(ids[1]), SystemVMessageQueue.Open(ids[0]));
    }

    // The administrator may allow messages that no queue holds: sending one would wait for ever.
    private static int LargestThatFits(SystemVMessageQueueLimits limits) => (int)Math.Min(limits.MaxMessageSize, limits.MaxBytes);

    private sealed class QueueConnection : Connection
    {
        private readonly SystemVMessageQueue _input;
        private readonly SystemVMessageQueue _output;

        public QueueConnection(SystemVMessageQueue input, SystemVMessageQueue output)
        {
            _input = input;
            _output = output;
            // No descriptor keeps these queues, and none ends them: when the tool is killed, its peer ends, and takes them along.
            AppDomain.CurrentDomain.ProcessExit += Remove;
        }

        /// <summary>For the other side: what it sends to, and what it receives from.</summary>
        public string Address => string.Create(CultureInfo.InvariantCulture, $"{_input.Id} {_output.Id}");

        public override void Send(ReadOnlySpan<byte> message) => _output.Send(message);

        public override void Receive(Span<byte> message)
        {
            int length = _input.Receive(message).Length;
            if (length != message.Length)
            {
                throw new EndOfStreamException($"A message of {length} bytes came, not one of {message.Length}.");
            }
        }

        public override void Dispose()
        {
            AppDomain.CurrentDomain.ProcessExit -= Remove;
            Remove(this, EventArgs.Empty);
        }

        private void Remove(object? sender, EventArgs e)
        {
            Remove(_input);
            Remove(_output);
        }

        private static void Remove(SystemVMessageQueue queue)
        {
            try
            {
                queue.Remove();
            }
            catch (PosixException)
            {
                // The other side has done it.
            }
        }
    }
}
