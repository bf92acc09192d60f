namespace Isthmus;

/// <summary>
/// How a <see cref="Subreaper"/> tells an orphan from a child that other code in this program waits for.
/// </summary>
public sealed record SubreaperOptions
{
    /// <summary>
    /// How long a child that this library does not know must have been a zombie before it is taken for an orphan. One
    /// second unless set: <c>System.Diagnostics.Process</c> reaps its children sooner. Only a program that starts all
    /// its children by this library may set zero.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or above an hour.</exception>
    public TimeSpan Patience
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromHours(1));
            field = value;
        }
    } = TimeSpan.FromSeconds(1);
}
