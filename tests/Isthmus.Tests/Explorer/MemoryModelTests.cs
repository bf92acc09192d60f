namespace Isthmus.Tests.Explorer;

/// <summary>What each memory model allows and forbids: the classic litmus tests.</summary>
public sealed class MemoryModelTests
{
    private const int X = Litmus.X;
    private const int Y = Litmus.Y;

    [Theory]
    [InlineData(MemoryOrder.Sequential, false)]
    [InlineData(MemoryOrder.StoreBuffers, true)]
    [InlineData(MemoryOrder.AcquireRelease, true)]
    internal void A_load_may_go_ahead_of_an_earlier_store(MemoryOrder order, bool isPossible) => Assert.Equal(
        isPossible,
        new Litmus("00").IsPossible(order, [Litmus.Store(X, 1), Litmus.Load(Y, 0)], [Litmus.Store(Y, 1), Litmus.Load(X, 1)]));

    [Theory]
    [InlineData(MemoryOrder.Sequential)]
    [InlineData(MemoryOrder.StoreBuffers)]
    [InlineData(MemoryOrder.AcquireRelease)]
    internal void No_load_goes_ahead_of_a_compare_exchange(MemoryOrder order) => Assert.False(new Litmus("00").IsPossible(
        order, [Litmus.CompareExchange(X, 1), Litmus.Load(Y, 0)], [Litmus.CompareExchange(Y, 1), Litmus.Load(X, 1)]));

    [Theory]
    [InlineData(MemoryOrder.Sequential)]
    [InlineData(MemoryOrder.StoreBuffers)]
    [InlineData(MemoryOrder.AcquireRelease)]
    internal void Who_fences_for_all_sees_the_store_or_is_seen(MemoryOrder order) => Assert.False(new Litmus("00").IsPossible(
        order,
        [Litmus.Store(X, 1), Litmus.Load(Y, 0)],
        [Litmus.CompareExchange(Y, 1), Litmus.SleeperFence(), Litmus.Load(X, 1)]));

    [Theory]
    [InlineData(MemoryOrder.Sequential, false)]
    [InlineData(MemoryOrder.StoreBuffers, true)]
    [InlineData(MemoryOrder.AcquireRelease, true)]
    internal void Who_fences_for_itself_may_miss_a_store_and_not_be_seen(MemoryOrder order, bool isPossible) => Assert.Equal(
        isPossible,
        new Litmus("00").IsPossible(
            order, [Litmus.Store(X, 1), Litmus.Load(Y, 0)], [Litmus.CompareExchange(Y, 1), Litmus.Load(X, 1)]));

    [Theory]
    [InlineData(MemoryOrder.Sequential)]
    [InlineData(MemoryOrder.StoreBuffers)]
    [InlineData(MemoryOrder.AcquireRelease)]
    internal void Who_sees_a_store_sees_what_was_stored_before(MemoryOrder order) => Assert.False(new Litmus("10").IsPossible(
        order, [Litmus.Store(X, 1), Litmus.Store(Y, 1)], [Litmus.Load(Y, 0), Litmus.Load(X, 1)]));

    [Theory]
    [InlineData(MemoryOrder.Sequential)]
    [InlineData(MemoryOrder.StoreBuffers)]
    [InlineData(MemoryOrder.AcquireRelease)]
    internal void What_was_seen_is_handed_on(MemoryOrder order) => Assert.False(new Litmus("110").IsPossible(
        order, [Litmus.Store(X, 1)], [Litmus.Load(X, 0), Litmus.Store(Y, 1)], [Litmus.Load(Y, 1), Litmus.Load(X, 2)]));

    [Theory]
    [InlineData(MemoryOrder.Sequential)]
    [InlineData(MemoryOrder.StoreBuffers)]
    [InlineData(MemoryOrder.AcquireRelease)]
    internal void A_word_never_goes_back(MemoryOrder order) => Assert.False(new Litmus("21").IsPossible(
        order, [Litmus.Store(X, 1), Litmus.Store(X, 2)], [Litmus.Load(X, 0), Litmus.Load(X, 1)]));

    [Theory]
    [InlineData(MemoryOrder.Sequential)]
    [InlineData(MemoryOrder.StoreBuffers)]
    [InlineData(MemoryOrder.AcquireRelease)]
    internal void A_thread_sees_its_own_stores(MemoryOrder order) => Assert.False(new Litmus("0").IsPossible(
        order, [Litmus.Store(X, 1), Litmus.Load(X, 0)]));

    [Theory]
    [InlineData(MemoryOrder.Sequential, false)]
    [InlineData(MemoryOrder.StoreBuffers, false)]
    [InlineData(MemoryOrder.AcquireRelease, true)]
    internal void Two_observers_may_see_two_stores_in_different_orders(MemoryOrder order, bool isPossible) => Assert.Equal(
        isPossible,
        new Litmus("1010").IsPossible(
            order, [Litmus.Store(X, 1)], [Litmus.Store(Y, 1)], [Litmus.Load(X, 0), Litmus.Load(Y, 1)], [Litmus.Load(Y, 2), Litmus.Load(X, 3)]));
}
