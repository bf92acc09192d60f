using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Synchronization;

public sealed class SharedValueTests
{
    [Fact]
    public void Read_gives_what_was_written_last_and_its_version()
    {
        using SharedValue<long> value = SharedValue<long>.CreateUnnamed(5);
        using SharedValue<long> other = SharedValue<long>.OpenUnnamed(value.Share());
        Assert.Equal(new SharedValueReading<long>(5, 0), other.ReadVersion());
        Assert.Equal(1, value.Write(6));
        Assert.Equal(2, value.Write(7));
        Assert.Equal(new SharedValueReading<long>(7, 2), other.ReadVersion());
        Assert.Equal((7, 2), (other.Read(), other.Version));
    }

    [Fact]
    public void Values_of_all_sizes_come_back_as_they_were()
    {
        AssertComesBack<byte>();
        AssertComesBack<Bytes3>();
        AssertComesBack<Bytes13>();
        AssertComesBack<Bytes384>();
        AssertComesBack<Bytes385>();
        AssertComesBack<Bytes65536>();
    }

    [Fact]
    public void Value_that_is_too_large_is_refused() => Assert.Throws<ArgumentException>(() => SharedValue<Bytes65537>.CreateUnnamed());

    [Fact]
    public void Value_of_another_size_is_refused_with_both_named()
    {
        using TemporaryName name = new();
        using SharedValue<long> value = SharedValue<long>.Create(name);
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => SharedValue<int>.Open(name));
        Assert.Contains("8 bytes", error.Message, StringComparison.Ordinal);
        Assert.Contains("4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Update_writes_what_the_function_makes_and_nothing_when_it_throws()
    {
        using SharedValue<long> value = SharedValue<long>.CreateUnnamed(5);
        Assert.Equal(new SharedValueReading<long>(10, 1), value.Update(static old => old * 2));
        Assert.Throws<NotSupportedException>(() => value.Update(static _ => throw new NotSupportedException()));
        Assert.Equal(2, value.Write(11));
    }

    [Fact]
    public async Task Writers_wait_for_each_other_and_readers_do_not()
    {
        using SharedValue<long> value = SharedValue<long>.CreateUnnamed(5);
        using ManualResetEventSlim go = new();
        Blocked writer = Blocked.In(() => value.Update(old =>
        {
            go.Wait(Child.Limit);
            return old + 1;
        }));
        Assert.Equal(5, value.Read());
        Assert.False(value.TryWrite(9, TimeSpan.FromMilliseconds(15)));
        using CancellationTokenSource cancellation = new();
        Task<long> cancelled = value.WriteAsync(9, cancellation.Token).AsTask();
        Task<long> awaited = value.WriteAsync(7, TestContext.Current.CancellationToken).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.OrHang());
        Assert.NotNull(value.GetStatus().Writer);
        go.Set();
        writer.Join();
        Assert.Equal(2, await awaited.OrHang());
        Assert.Equal(7, value.Read());
    }

    [Fact]
    public void Waiting_for_newer_skips_what_came_between()
    {
        using SharedValue<long> value = SharedValue<long>.CreateUnnamed();
        value.Write(1);
        value.Write(2);
        Assert.Equal(new SharedValueReading<long>(2, 2), value.WaitForNewer(0));
        Assert.False(value.TryWaitForNewer(2, TimeSpan.Zero, out SharedValueReading<long> same));
        Assert.Equal(2, same.Value);
    }

    [Fact]
    public void Killed_writer_has_written_nothing_and_stops_nobody()
    {
        using TemporaryName name = new();
        using SharedValue<Bytes385> value = SharedValue<Bytes385>.Create(name, Filled<Bytes385>(1));
        using Child writer = Child.Start(WriteForEver, name);
        Assert.Equal("writes", writer.ReadLine());
        Blocked next = Blocked.In(() => value.Write(Filled<Bytes385>(3)));
        AssertFilled(1, value.Read());
        writer.Kill();
        next.Join();
        SharedValueReading<Bytes385> reading = value.ReadVersion();
        Assert.Equal(1, reading.Version);
        AssertFilled(3, reading.Value);
    }

    [Fact]
    public void Readings_of_what_another_process_writes_are_whole()
    {
        using TemporaryName name = new();
        using SharedValue<Bytes385> value = SharedValue<Bytes385>.Create(name);
        using Child writer = Child.Start(WriteMany, name);
        Assert.Equal("open", writer.ReadLine());
        writer.WriteLine("go");
        SharedValueReading<Bytes385> reading = default;
        while (reading.Version < 20_000)
        {
            SharedValueReading<Bytes385> next = value.ReadVersion();
            Assert.True(next.Version >= reading.Version);
            AssertFilled((byte)next.Version, next.Value);
            reading = next;
        }
    }

    private static void AssertComesBack<T>()
        where T : unmanaged
    {
        using SharedValue<T> value = SharedValue<T>.CreateUnnamed(Filled<T>(1));
        using SharedValue<T> other = SharedValue<T>.OpenUnnamed(value.Share());
        AssertFilled(1, other.Read());
        for (byte round = 2; round < 5; round++)
        {
            value.Write(Filled<T>(round));
            AssertFilled(round, other.Read());
        }
        Assert.Equal(Unsafe.SizeOf<T>(), value.GetStatus().ValueSizeBytes);
    }

    private static void AssertFilled<T>(byte with, T value)
        where T : unmanaged => Assert.False(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)).ContainsAnyExcept(with));

    private static T Filled<T>(byte with)
        where T : unmanaged
    {
        T value = default;
        MemoryMarshal.AsBytes(new Span<T>(ref value)).Fill(with);
        return value;
    }

    private static void WriteForEver(string[] args)
    {
        using SharedValue<Bytes385> value = SharedValue<Bytes385>.Open(args[0]);
        value.Update(_ =>
        {
            Console.WriteLine("writes");
            Console.ReadLine();
            return Filled<Bytes385>(2);
        });
    }

    private static void WriteMany(string[] args)
    {
        using SharedValue<Bytes385> value = SharedValue<Bytes385>.Open(args[0]);
        Console.WriteLine("open");
        Console.ReadLine();
        for (int version = 1; version <= 20_000; version++)
        {
            value.Write(Filled<Bytes385>((byte)version));
        }
    }

    [InlineArray(3)]
    private struct Bytes3
    {
        private byte _first;
    }

    [InlineArray(13)]
    private struct Bytes13
    {
        private byte _first;
    }

    [InlineArray(384)]
    private struct Bytes384
    {
        private byte _first;
    }

    [InlineArray(385)]
    private struct Bytes385
    {
        private byte _first;
    }

    [InlineArray(65_536)]
    private struct Bytes65536
    {
        private byte _first;
    }

    [InlineArray(65_537)]
    private struct Bytes65537
    {
        private byte _first;
    }
}
