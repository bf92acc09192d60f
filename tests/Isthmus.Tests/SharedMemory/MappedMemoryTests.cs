using System.Globalization;
using Isthmus.Native;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.SharedMemory;

public sealed class AnonymousMemoryContractTests : MappedMemoryContract
{
    protected override MappedMemory Create(long length) => AnonymousMemory.Create(length);

    protected override MappedMemory OpenAgain(MappedMemory memory, MemoryAccess access)
    {
        string path = "/proc/self/fd/" + ((AnonymousMemory)memory).Handle.DangerousGetHandle().ToString(CultureInfo.InvariantCulture);
        int flags = access == MemoryAccess.Read ? LibC.O_RDONLY : LibC.O_RDWR;
        return AnonymousMemory.FromHandle(LibC.Check(LibC.open(path, flags | LibC.O_CLOEXEC)));
    }
}

public sealed class PosixSharedMemoryContractTests : MappedMemoryContract, IDisposable
{
    private readonly SharedMemoryName _name = new();

    public void Dispose() => _name.Dispose();

    protected override MappedMemory Create(long length) => PosixSharedMemory.Create(_name, length);

    protected override MappedMemory OpenAgain(MappedMemory memory, MemoryAccess access) => PosixSharedMemory.Open(_name, new() { Access = access });
}

public sealed class SystemVSharedMemoryContractTests : MappedMemoryContract, IDisposable
{
    private int? _id;

    public void Dispose()
    {
        if (_id is { } id)
        {
            SystemVSharedMemory.Remove(id);
        }
    }

    protected override MappedMemory Create(long length)
    {
        SystemVSharedMemory memory = SystemVSharedMemory.Create(SystemVKey.Private, length);
        _id = memory.Id;
        return memory;
    }

    protected override MappedMemory OpenAgain(MappedMemory memory, MemoryAccess access) =>
        SystemVSharedMemory.Open(_id!.Value, new() { Access = access });
}

public sealed class MappedFileContractTests : MappedMemoryContract, IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    protected override MappedMemory Create(long length) => MappedFile.Create(_directory["file"], length);

    protected override MappedMemory OpenAgain(MappedMemory memory, MemoryAccess access) =>
        MappedFile.Open(_directory["file"], new() { Access = access });
}
