using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Isthmus.Tests.Segments;

/// <summary>What counts as the same type in shared memory, and that all typed objects ask for it.</summary>
public sealed class ElementTests
{
    private enum Colour
    {
        Red,
    }

    [Fact]
    public void Names_do_not_count() => Assert.True(Element.Of<Point>().IsLike(Element.Of<Pair>()));

    [Fact]
    public void An_enum_is_its_number() => Assert.True(Element.Of<Colour>().IsLike(Element.Of<int>()));

    [Fact]
    public void Kinds_count() => AssertUnlike<int, float>();

    [Fact]
    public void Signs_do_not_count() => Assert.True(Element.Of<int>().IsLike(Element.Of<uint>()));

    [Fact]
    public void Order_counts() => AssertUnlike<IntThenFloat, FloatThenInt>();

    [Fact]
    public void Fields_of_fields_count() => AssertUnlike<Nested<int>, Nested<float>>();

    [Fact]
    public void Offsets_count() => AssertUnlike<Apart, Swapped>();

    [Fact]
    public void Length_of_an_inline_array_counts() => AssertUnlike<Four, TwoWide>();

    [Fact]
    public void One_that_is_not_known_is_like_any_of_its_size()
    {
        Assert.True(new Element(4, 0).IsLike(Element.Of<int>()));
        Assert.True(Element.Of<float>().IsLike(new Element(4, 0)));
        Assert.False(new Element(8, 0).IsLike(Element.Of<int>()));
    }

    [Fact]
    public void A_queue_of_another_type_of_the_same_size_is_refused()
    {
        using SharedQueue<int> queue = SharedQueue<int>.CreateUnnamed();
        AssertRefused(queue.Share(), memory => SharedQueue<float>.OpenUnnamed(memory));
    }

    [Fact]
    public void A_topic_of_another_type_of_the_same_size_is_refused()
    {
        using Topic<long> topic = Topic<long>.CreateUnnamed();
        AssertRefused(topic.Share(), memory => Topic<double>.OpenUnnamed(memory));
    }

    [Fact]
    public void A_value_of_another_type_of_the_same_size_is_refused()
    {
        using SharedValue<IntThenFloat> value = SharedValue<IntThenFloat>.CreateUnnamed(default);
        AssertRefused(value.Share(), memory => SharedValue<FloatThenInt>.OpenUnnamed(memory));
    }

    private static void AssertUnlike<TOne, TOther>()
        where TOne : unmanaged
        where TOther : unmanaged
    {
        Assert.Equal(Unsafe.SizeOf<TOne>(), Unsafe.SizeOf<TOther>());
        Assert.False(Element.Of<TOne>().IsLike(Element.Of<TOther>()));
    }

    private static void AssertRefused(SafeFileHandle memory, Func<SafeFileHandle, IDisposable> open)
    {
        using (memory)
        {
            Assert.Contains("fields", Assert.Throws<InvalidDataException>(() => open(memory)).Message, StringComparison.Ordinal);
        }
    }

    private record struct Point(int X, int Y);

    private record struct Pair(int First, int Second);

    private record struct IntThenFloat(int One, float Two);

    private record struct FloatThenInt(float One, int Two);

    private record struct Nested<T>(T Inner, int Other);

    [StructLayout(LayoutKind.Explicit)]
    private record struct Apart([field: FieldOffset(0)] int One, [field: FieldOffset(4)] int Two);

    [StructLayout(LayoutKind.Explicit)]
    private record struct Swapped([field: FieldOffset(4)] int One, [field: FieldOffset(0)] int Two);

    [InlineArray(4)]
    private struct Four
    {
        private int _first;
    }

    [InlineArray(2)]
    private struct TwoWide
    {
        private long _first;
    }
}
