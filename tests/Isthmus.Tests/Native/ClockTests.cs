using Isthmus.Native;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Native;

public sealed class ClockTests
{
    [Fact]
    public void The_CPU_time_of_a_process_is_what_its_own_clock_counts()
    {
        long before = OfThisProcess();
        long told = Clock.ProcessCpuNanoseconds(Environment.ProcessId);
        Assert.InRange(told, before, OfThisProcess());
    }

    [Fact]
    public void The_CPU_time_of_a_process_that_is_not_there_is_negative() => Assert.True(Clock.ProcessCpuNanoseconds(int.MaxValue) < 0);

    [Fact]
    public void A_process_that_has_done_something_has_used_CPU_time()
    {
        using Child child = Child.Start(Echo);
        for (int round = 0; round < 20; round++)
        {
            child.WriteLine("x");
            Assert.Equal("x", child.ReadLine());
            long before = Clock.ProcessCpuNanoseconds(child.Id);
            child.WriteLine("x");
            Assert.Equal("x", child.ReadLine());
            Assert.True(Clock.ProcessCpuNanoseconds(child.Id) > before);
        }
    }

    private static unsafe long OfThisProcess()
    {
        LibC.timespec time;
        LibC.Check(LibC.clock_gettime(LibC.CLOCK_PROCESS_CPUTIME_ID, &time));
        return (time.tv_sec * 1_000_000_000) + time.tv_nsec;
    }

    private static void Echo(string[] args)
    {
        while (Console.ReadLine() is { } line)
        {
            Console.WriteLine(line);
        }
    }
}
