using System.Text;

namespace Isthmus.Examples;

internal static class SharedQueueExample
{
    public static async Task RunAsync()
    {
        string name = $"example-{Environment.ProcessId}";
        using SharedQueue queue = SharedQueue.Create(name, new() { MaxProducers = 4, MaxConsumers = 2, Acknowledge = true });
        try
        {
            using QueueProducer producer = queue.CreateProducer();
            producer.Send("copied"u8);
            using (QueueReservation place = producer.Reserve(10))
            {
                "in its own"u8.CopyTo(place.Span); // Written where it will be read.
                place.Commit();
            }

            // Usually another process, which takes a message and dies.
            SharedQueue dying = SharedQueue.Open(name);
            dying.CreateConsumer().TryReceive(out QueueLoan taken);
            Console.WriteLine($"taken: {Encoding.UTF8.GetString(taken.Span)}");
            dying.Dispose(); // Counts as death.

            queue.Complete(); // Nothing more can be sent; what was sent is received still.
            using QueueConsumer consumer = queue.CreateConsumer();
            byte[] buffer = new byte[queue.MaxMessage];
            while (true)
            {
                QueueMessage message = await consumer.ReceiveAsync(buffer);
                if (message.Outcome != QueueReceiveOutcome.Received)
                {
                    Console.WriteLine($"end: {message.Outcome}");
                    break;
                }
                Console.WriteLine($"received: {Encoding.UTF8.GetString(buffer, 0, message.Length)}{(message.IsRedelivered ? ", once more" : "")}");
            }
        }
        finally
        {
            SharedObject.Unlink(name); // Dispose never removes the name.
        }
    }
}

// Prints:
// taken: copied
// received: copied, once more
// received: in its own
// end: Closed
