namespace Isthmus.Tests.Harness;

/// <summary>Awaiting with a watchdog: a test that hangs fails and says where.</summary>
internal static class Waiting
{
    public static Task OrHang(this Task task) => task.WaitAsync(Child.Limit);

    public static Task<T> OrHang<T>(this Task<T> task) => task.WaitAsync(Child.Limit);

    public static Task OrHang(this ValueTask task) => task.AsTask().OrHang();

    public static Task<T> OrHang<T>(this ValueTask<T> task) => task.AsTask().OrHang();
}
