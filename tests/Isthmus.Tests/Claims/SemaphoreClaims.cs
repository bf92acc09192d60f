namespace Isthmus.Tests.Claims;

public sealed class SemaphoreClaims
{
    [Fact]
    [Claim(50, "A semaphore with one permit is a mutex.", Verdict.HalfTrue,
        "It keeps others out. But it has no owner: anybody may release it, twice makes two, and a holder that is killed never gives it back.")]
    public void A_semaphore_with_one_permit_excludes_and_knows_no_owner()
    {
        using AnonymousMemory memory = AnonymousMemory.Create(PosixSemaphore.SizeBytes);
        using PosixSemaphore semaphore = PosixSemaphore.CreateIn(memory, 0, initialValue: 1);
        semaphore.Acquire();
        Assert.False(semaphore.TryAcquire());

        Thread other = new(semaphore.Release);
        other.Start();
        other.Join();
        Assert.True(semaphore.TryAcquire());

        semaphore.Release();
        semaphore.Release();
        Assert.Equal(2, semaphore.Value);
    }
}
