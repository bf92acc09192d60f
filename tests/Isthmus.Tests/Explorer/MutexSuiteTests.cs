namespace Isthmus.Tests.Explorer;

public sealed class MutexSuiteTests(ITestOutputHelper output) : SuiteTests(output)
{
    private protected override Suite Suite => MutexSubject.Suite;
}

public sealed class FairMutexSuiteTests(ITestOutputHelper output) : SuiteTests(output)
{
    private protected override Suite Suite => MutexSubject.FairSuite;
}

public sealed class FairSemaphoreSuiteTests(ITestOutputHelper output) : SuiteTests(output)
{
    private protected override Suite Suite => SemaphoreSubject.FairSuite;
}
