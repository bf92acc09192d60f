namespace Isthmus.Tests.Explorer;

public sealed class StreamSuiteTests(ITestOutputHelper output) : SuiteTests(output)
{
    private protected override Suite Suite => StreamSubject.Suite;
}
