namespace Isthmus.Tests.Explorer;

public sealed class TopicSuiteTests(ITestOutputHelper output) : SuiteTests(output)
{
    private protected override Suite Suite => TopicSubject.Suite;
}

public sealed class TopicPeersSuiteTests(ITestOutputHelper output) : SuiteTests(output)
{
    private protected override Suite Suite => TopicSubject.PeersSuite;
}

public sealed class BlockingTopicSuiteTests(ITestOutputHelper output) : SuiteTests(output)
{
    private protected override Suite Suite => TopicSubject.BlockingSuite;
}
