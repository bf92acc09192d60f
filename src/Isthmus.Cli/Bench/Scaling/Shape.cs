using System.Globalization;

namespace Isthmus.Cli.Bench;

/// <summary>How many processes send, and how many receive.</summary>
internal readonly record struct Shape(int Senders, int Receivers)
{
    /// <summary>Those that are measured.</summary>
    public static IReadOnlyList<Shape> All { get; } = [new(1, 1), new(4, 1), new(1, 4), new(4, 4)];

    public int Processes => Senders + Receivers;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Senders}to{Receivers}");
}
