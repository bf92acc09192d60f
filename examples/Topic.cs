using System.Text;

namespace Isthmus.Examples;

internal static class TopicExample
{
    public static async Task RunAsync()
    {
        string name = $"example-{Environment.ProcessId}";
        using Topic topic = Topic.Create(name, new() { MaxSampleSize = 64, History = 1, Buffer = 4 });
        try
        {
            using Publisher publisher = topic.CreatePublisher();
            publisher.Publish("21.5 degrees"u8);

            // Usually another process, which comes late and wants the last sample that there was.
            using Topic theirs = Topic.Open(name);
            using Subscriber subscriber = theirs.CreateSubscriber(new() { History = 1 });
            using (TopicSample sample = subscriber.Receive())
            {
                Console.WriteLine($"on loan: {Encoding.UTF8.GetString(sample.Span)}"); // Read where it was written.
            }

            using (TopicReservation reservation = publisher.Reserve(64))
            {
                "22.0 degrees"u8.CopyTo(reservation.Span);
                reservation.Commit(12); // From now on it is there; without this it never was.
            }
            byte[] buffer = new byte[topic.MaxSampleSize];
            TopicSampleInfo info = await subscriber.ReceiveAsync(buffer);
            Console.WriteLine($"copied: {Encoding.UTF8.GetString(buffer, 0, info.Length)}, sample {info.Number}");

            for (int degrees = 0; degrees < 1000; degrees++)
            {
                publisher.Publish(Encoding.UTF8.GetBytes($"{degrees} degrees")); // Nobody is waited for.
            }
            long received = 0;
            while (subscriber.TryReceive(buffer, out info))
            {
                received++;
            }
            Console.WriteLine($"some are received, the others counted: {received + subscriber.Lost}");
        }
        finally
        {
            SharedObject.Unlink(name); // Dispose never removes the name.
        }
    }
}

// Prints:
// on loan: 21.5 degrees
// copied: 22.0 degrees, sample 1
// some are received, the others counted: 1000
