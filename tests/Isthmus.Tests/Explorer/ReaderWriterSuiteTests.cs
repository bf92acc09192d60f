namespace Isthmus.Tests.Explorer;

public sealed class ReaderWriterSuiteTests(ITestOutputHelper output) : SuiteTests(output)
{
    private protected override Suite Suite => ReaderWriterSubject.Suite;
}
