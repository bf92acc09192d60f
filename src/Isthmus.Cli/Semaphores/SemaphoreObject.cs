using Isthmus.Cli.Names;

namespace Isthmus.Cli.Semaphores;

/// <summary>Semaphores by any of their names.</summary>
internal static class SemaphoreObject
{
    /// <summary>Makes it; the id of a System V set.</summary>
    public static int? Create(ObjectName name, int[] values, int? count, UnixFileMode mode)
    {
        switch (name)
        {
            case ObjectName.Posix when count is not null || values.Length > 1:
                throw new CliException("--count, and a value for each, are for System V sets: a POSIX semaphore is one.");
            case ObjectName.Posix posix:
                PosixSemaphore.Create(posix.Name, values[0], new() { Mode = mode }).Dispose();
                return null;
            case ObjectName.Key key:
                int size = count ?? values.Length;
                return SystemVSemaphoreSet.Create(key.Value, size, new() { InitialValues = SemaphoreValues.Spread(values, size), Mode = mode }).Id;
            default:
                throw new CliException("The kernel chooses the id: give a key, such as 0xbeef, or 0x0 for none.");
        }
    }

    public static SystemVSemaphoreSet OpenSet(ObjectName name, bool anyOwner, bool acceptUninitialized = false)
    {
        SystemVSemaphoreSetOpenOptions options = new() { AnyOwner = anyOwner, AcceptUninitialized = acceptUninitialized };
        return name switch
        {
            ObjectName.Key key => SystemVSemaphoreSet.Open(key.Value, options),
            ObjectName.Id id => SystemVSemaphoreSet.Open(id.Value, options),
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
    }

    public static void Unlink(ObjectName name)
    {
        if (name is ObjectName.Posix posix)
        {
            PosixSemaphore.Unlink(posix.Name);
            return;
        }
        // The kernel says whether we may.
        OpenSet(name, anyOwner: true, acceptUninitialized: true).Remove();
    }

    /// <summary>Runs the body; that a semaphore cannot count further is told as an error of the system.</summary>
    public static T Run<T>(Func<T> body)
    {
        try
        {
            return body();
        }
        catch (SemaphoreFullException error)
        {
            throw new CliException(error.Message, ExitCode.System);
        }
    }

    /// <inheritdoc cref="Run{T}"/>
    public static async Task<T> RunAsync<T>(Func<Task<T>> body)
    {
        try
        {
            return await body();
        }
        catch (SemaphoreFullException error)
        {
            throw new CliException(error.Message, ExitCode.System);
        }
    }

    /// <inheritdoc cref="Run{T}"/>
    public static void Run(Action body) => Run(() =>
    {
        body();
        return true;
    });
}
