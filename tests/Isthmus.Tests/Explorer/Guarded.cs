namespace Isthmus.Tests.Explorer;

/// <summary>An operation that throws has failed.</summary>
internal static class Guarded
{
    public static int Do(World world, ref Move move)
    {
        try
        {
            return world.Do(ref move);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            world.Fail($"{exception.GetType().Name}: {exception.Message}");
            return 1;
        }
    }
}
