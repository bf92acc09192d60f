using System.Buffers.Binary;
using System.Reflection;
using System.Runtime.InteropServices;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Segments;

/// <summary>
/// Garbage in every field: opening it is a documented error, or works; then everything that can be done is done, and nothing is written but what an
/// attachment
/// may write.
/// </summary>
public sealed class SpoiledSegmentTests : IDisposable
{
    private const int Capacity = 3;

    private readonly TemporaryDirectory _directory = new();
    private readonly byte[] _whole;

    public SpoiledSegmentTests()
    {
        SharedObjectOptions options = TestKind.In(_directory.Root) with { MaxParticipants = Capacity };
        using Segment segment = Segment.Create(TestKind.Mutex, "x", options, [], [], dataSize: 1);
        TestKind.EnterAndDie(segment, _directory.Root);
        _whole = File.ReadAllBytes(_directory["x"]);
    }

    public static TheoryData<string, int, int> Fields
    {
        get
        {
            TheoryData<string, int, int> fields = [];
            foreach ((string name, int offset, int size) in Of(typeof(SegmentHeader), "Header", 0))
            {
                fields.Add(name, offset, size);
            }
            for (int slot = 0; slot < Capacity; slot++)
            {
                foreach ((string name, int offset, int size) in Of(typeof(RosterRecord), $"Record {slot}", SegmentLayout.Record(slot)))
                {
                    fields.Add(name, offset, size);
                }
            }
            fields.Add("Mutex word", SegmentLayout.State(Capacity), 8);
            return fields;
        }
    }

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Fields))]
    public void Garbage_in_a_field_is_an_error_or_does_no_harm(string field, int offset, int size)
    {
        Random random = new(offset);
        foreach (byte[] garbage in Garbage(_whole.AsSpan(offset, size).ToArray(), random))
        {
            byte[] bytes = [.. _whole];
            garbage.CopyTo(bytes, offset);
            Exercise(bytes, $"{field} = {Convert.ToHexString(garbage)}");
        }
    }

    [Fact]
    public void Garbage_everywhere_behind_the_header_does_no_harm()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            byte[] bytes = [.. _whole];
            Random random = new(seed);
            random.NextBytes(bytes.AsSpan(1024));
            Assert.True(Exercise(bytes, $"seed {seed}"));
        }
    }

    [Fact]
    public void Garbage_everywhere_is_an_error()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            byte[] bytes = new byte[_whole.Length];
            new Random(seed).NextBytes(bytes);
            // The more of it is right, the deeper it goes.
            _whole.AsSpan(0, seed % 64).CopyTo(bytes);
            Assert.False(Exercise(bytes, $"seed {seed}"));
        }
    }

    // Whether it could be opened.
    private bool Exercise(byte[] bytes, string what)
    {
        File.WriteAllBytes(_directory["x"], bytes);
        bool opened = false;
        try
        {
            _ = SegmentSnapshot.Take(null, "x", TestKind.In(_directory.Root)).Participants.Count;
            using Segment segment = TestKind.Open(_directory.Root);
            opened = true;
            UseEverything(segment);
        }
        catch (InvalidDataException error)
        {
            Assert.Contains("'x'", error.Message, StringComparison.Ordinal);
        }
        AssertOnlyTheOwnWasWritten(bytes, opened, what);
        Assert.Single(SegmentDirectory.List(TestKind.In(_directory.Root)));
        return opened;
    }

    private static unsafe void UseEverything(Segment segment)
    {
        foreach (int slot in (int[])[-1, 0, 1, Capacity, ushort.MaxValue, int.MaxValue])
        {
            segment.IsDead(slot);
            segment.Roster.TryRead(slot, out _);
            segment.Recover(slot);
        }
        Assert.InRange(segment.SlotsInUse, 0, Capacity);
        for (int index = 0; index < SegmentLayout.ConfigWords; index++)
        {
            segment.Config(index);
        }
        segment.Data[segment.DataSize - 1]++;
        segment.Data[segment.DataSize - 1]--;
        if (TestKind.TryEnter(segment, out ulong owned) is MutexEntry.Entered or MutexEntry.Abandoned)
        {
            TestKind.Exit(segment, owned);
        }
    }

    private void AssertOnlyTheOwnWasWritten(byte[] before, bool opened, string what)
    {
        byte[] after = File.ReadAllBytes(_directory["x"]);
        Assert.Equal(before.Length, after.Length);
        int wrong = Enumerable.Range(0, before.Length).FirstOrDefault(at => after[at] != before[at] && !(opened && MayBeWritten(at)), -1);
        Assert.True(wrong < 0, $"{what}: byte {wrong} was written");
    }

    private static bool MayBeWritten(int at) => at switch
    {
        >= 1024 and < 1032 or >= 1152 and < 1160 => true,
        >= SegmentLayout.HeaderSize when at < SegmentLayout.State(Capacity) => true,
        _ => at >= SegmentLayout.State(Capacity) && at < SegmentLayout.State(Capacity) + 8,
    };

    private static IEnumerable<byte[]> Garbage(byte[] right, Random random)
    {
        yield return new byte[right.Length];
        yield return [.. Enumerable.Repeat((byte)0xFF, right.Length)];
        yield return [.. right.Select(each => (byte)(each + 1))];
        foreach (int bit in (int[])[0, (right.Length * 8) - 1])
        {
            byte[] flipped = [.. right];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            yield return flipped;
        }
        byte[] anything = new byte[right.Length];
        random.NextBytes(anything);
        yield return anything;
        if (right.Length == sizeof(ulong))
        {
            byte[] large = new byte[sizeof(ulong)];
            BinaryPrimitives.WriteInt64LittleEndian(large, long.MaxValue);
            yield return large;
        }
    }

    // Every field, those of structs in it and each element of a table.
    private static IEnumerable<(string Name, int Offset, int Size)> Of(Type type, string name, int offset)
    {
        foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public))
        {
            int at = offset + (int)Marshal.OffsetOf(type, field.Name);
            string path = $"{name}.{field.Name}";
            if (field.FieldType == typeof(ProcessStamp))
            {
                foreach ((string Name, int Offset, int Size) inner in Of(field.FieldType, path, at))
                {
                    yield return inner;
                }
            }
            else if (field.FieldType == typeof(SegmentHeader.RegionTable))
            {
                for (int region = 0; region < SegmentLayout.Regions; region++)
                {
                    foreach ((string Name, int Offset, int Size) inner in Of(typeof(SegmentRegion), $"{path}[{region}]", at + (region * 32)))
                    {
                        yield return inner;
                    }
                }
            }
            else if (field.FieldType == typeof(SegmentHeader.ConfigTable))
            {
                yield return (path + "[0]", at, sizeof(ulong));
                yield return (path + "[15]", at + (15 * sizeof(ulong)), sizeof(ulong));
            }
            else
            {
                yield return (path, at, Marshal.SizeOf(field.FieldType));
            }
        }
    }
}
