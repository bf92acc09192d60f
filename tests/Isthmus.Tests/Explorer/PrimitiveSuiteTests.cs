namespace Isthmus.Tests.Explorer;

public sealed class AutoEventSuiteTests(ITestOutputHelper output) : SuiteTests(output)
{
    private protected override Suite Suite => EventSubject.AutoSuite;
}

public sealed class ManualEventSuiteTests(ITestOutputHelper output) : SuiteTests(output)
{
    private protected override Suite Suite => EventSubject.ManualSuite;
}

public sealed class SemaphoreSuiteTests(ITestOutputHelper output) : SuiteTests(output)
{
    private protected override Suite Suite => SemaphoreSubject.Suite;
}

public sealed class TrackedSemaphoreSuiteTests(ITestOutputHelper output) : SuiteTests(output)
{
    private protected override Suite Suite => TrackedSemaphoreSubject.Suite;
}

public sealed class ConditionSuiteTests(ITestOutputHelper output) : SuiteTests(output)
{
    private protected override Suite Suite => ConditionSubject.Suite;
}

public sealed class CountdownSuiteTests(ITestOutputHelper output) : SuiteTests(output)
{
    private protected override Suite Suite => CountdownSubject.Suite;
}

public sealed class OnceSuiteTests(ITestOutputHelper output) : SuiteTests(output)
{
    private protected override Suite Suite => OnceSubject.Suite;
}

public sealed class ValueSuiteTests(ITestOutputHelper output) : SuiteTests(output)
{
    private protected override Suite Suite => ValueSubject.Suite;
}

public sealed class CounterSuiteTests(ITestOutputHelper output) : SuiteTests(output)
{
    private protected override Suite Suite => CounterSubject.Suite;
}

public sealed class FenceSuiteTests(ITestOutputHelper output) : SuiteTests(output)
{
    private protected override Suite Suite => FenceSubject.Suite;
}
