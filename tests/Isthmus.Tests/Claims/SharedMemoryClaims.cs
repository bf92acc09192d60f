using System.Diagnostics;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Claims;

public sealed class SharedMemoryClaims
{
    [Fact]
    [Claim(41, "Shared memory needs synchronisation.", Verdict.True,
        "Two who add one to the same number, each from what it has read, add one in all. What one writes the other sees, but not when.")]
    public void Two_additions_without_synchronisation_can_be_one()
    {
        using AnonymousMemory one = AnonymousMemory.Create(8);
        using AnonymousMemory other = one.MapAgain();
        long seenByOne = one.AsSpan<long>(0, 1)[0];
        long seenByOther = other.AsSpan<long>(0, 1)[0];
        one.AsSpan<long>(0, 1)[0] = seenByOne + 1;
        other.AsSpan<long>(0, 1)[0] = seenByOther + 1;
        Assert.Equal(1, one.AsSpan<long>(0, 1)[0]);
    }

    [Fact]
    [Claim(42, "A mapped file survives a restart.", Verdict.True,
        "What was flushed is in the file: a process that never mapped it reads it.")]
    public void What_was_written_through_a_map_is_in_the_file()
    {
        using TemporaryDirectory directory = new();
        using (MappedFile file = MappedFile.Create(directory["data"], 5))
        {
            "hello"u8.CopyTo(file.Span);
            file.Flush();
        }
        ProcessStartInfo start = new("/bin/cat", [directory["data"]]) { RedirectStandardOutput = true };
        using Process other = Process.Start(start)!;
        Assert.Equal("hello", other.StandardOutput.ReadToEnd());
        other.WaitForExit();
    }

    [Fact]
    [Claim(43, "System V memory does not survive a restart.", Verdict.True,
        "It lives in the kernel's ipc namespace and ends with it; not with the processes that used it.")]
    public void System_V_memory_ends_with_its_namespace_and_not_with_its_processes()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Making a namespace needs root here.");
        const string Script = "id=$(ipcmk -M 12345 | sed 's/[^0-9]*//'); ipcs -m -i $id | grep -c bytes=12345; echo $id";
        (string output, int exitCode) = Peer.Run("unshare", ["-i", "sh", "-c", Script]);
        Assert.Equal(0, exitCode);
        // ipcmk has ended before ipcs looked; and nothing of the namespace is left here.
        string[] lines = output.TrimEnd().Split('\n');
        Assert.Equal("1", lines[0]);
        Assert.DoesNotContain(
            File.ReadLines("/proc/sysvipc/shm").Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
            fields => fields[1] == lines[1] && fields[3] == "12345");
    }
}
