namespace Isthmus.Tests.Explorer;

public sealed class BarrierSuiteTests(ITestOutputHelper output) : SuiteTests(output)
{
    private protected override Suite Suite => BarrierSubject.Suite;
}
