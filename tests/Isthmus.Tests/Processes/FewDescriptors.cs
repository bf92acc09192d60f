using System.Reflection;
using Isthmus.Native;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Processes;

/// <summary>Uses up the descriptors of this process but for a few. For a child process of a test only.</summary>
internal sealed class FewDescriptors : IDisposable
{
    private const int Limit = 512;

    private readonly Stack<SafeFileHandle> _taken = new();

    private FewDescriptors()
    {
    }

    /// <summary>Takes all but <paramref name="count"/>; gives them back when it is disposed.</summary>
    public static FewDescriptors Leave(int count)
    {
        // The runtime opens an assembly when it is first needed, and keeps its source of random numbers open.
        Load(typeof(FewDescriptors).Assembly, []);
        _ = Guid.NewGuid();
        new ResourceLimit(LimitedResource.DescriptorCount, Limit, Limit).ApplyTo(Environment.ProcessId);
        FewDescriptors few = new();
        SafeFileHandle next;
        while (!(next = LibC.open("/dev/null", LibC.O_RDONLY | LibC.O_CLOEXEC)).IsInvalid)
        {
            few._taken.Push(next);
        }
        for (int i = 0; i < count; i++)
        {
            few._taken.Pop().Dispose();
        }
        return few;
    }

    private static void Load(Assembly assembly, HashSet<string> seen)
    {
        foreach (AssemblyName name in assembly.GetReferencedAssemblies().Where(name => seen.Add(name.FullName)))
        {
            Load(Assembly.Load(name), seen);
        }
    }

    public void Dispose()
    {
        foreach (SafeFileHandle handle in _taken)
        {
            handle.Dispose();
        }
    }
}
