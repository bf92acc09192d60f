using Isthmus.Cli.Watch;

namespace Isthmus.Cli.Tests.Watch;

public sealed class AmountTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(9.6, "10")]
    [InlineData(999, "999")]
    [InlineData(999.6, "1.0k")]
    [InlineData(1234, "1.2k")]
    [InlineData(9960, "10k")]
    [InlineData(123_456, "123k")]
    [InlineData(999_999, "1.0M")]
    [InlineData(5e18, "5000P")]
    public void A_number_takes_four_places_or_so(double value, string expected) => Assert.Equal(expected, Amount.Of(value));

    [Fact]
    public void Memory_is_counted_in_powers_of_two() => Assert.Equal("1.0k", Amount.Bytes(1024));
}
