namespace Isthmus.Tests.Explorer;

public sealed class RequestSuiteTests(ITestOutputHelper output) : SuiteTests(output)
{
    private protected override Suite Suite => RequestSubject.Suite;
}
