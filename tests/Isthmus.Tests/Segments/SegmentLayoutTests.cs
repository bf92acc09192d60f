using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Segments;

/// <summary>The layout is a file format: what docs/layouts/segment.md says is what the code does.</summary>
public sealed class SegmentLayoutTests
{
    private static readonly string[] s_lines = File.ReadAllLines(Path.Combine(Source.Root, "docs/layouts/segment.md"));

    [Theory]
    [InlineData("Header", typeof(SegmentHeader))]
    [InlineData("Region", typeof(SegmentRegion))]
    [InlineData("Process stamp", typeof(ProcessStamp))]
    [InlineData("Roster record", typeof(RosterRecord))]
    public void The_map_shows_every_field_where_it_is_and_no_other(string section, Type type)
    {
        string[] shown = [.. s_lines.SkipWhile(line => line != "## " + section).Skip(1).TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && line.Contains('`', StringComparison.Ordinal))
            .Select(line => line[..line.IndexOf("` |", StringComparison.Ordinal)] + '`')];
        Assert.Equal(Fields(type), shown);
    }

    [Theory]
    [InlineData(typeof(SegmentHeader), 4096)]
    [InlineData(typeof(SegmentRegion), 32)]
    [InlineData(typeof(ProcessStamp), 40)]
    [InlineData(typeof(RosterRecord), 128)]
    public void Sizes_are_those_of_the_map(Type type, int size) => Assert.Equal(size, SizeOf(type));

    [Fact]
    public void Fields_do_not_overlap_and_are_aligned()
    {
        foreach (Type type in (Type[])[typeof(SegmentHeader), typeof(SegmentRegion), typeof(ProcessStamp), typeof(RosterRecord)])
        {
            int end = 0;
            foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public).OrderBy(OffsetOf))
            {
                Assert.True(OffsetOf(field) >= end, $"{type.Name}.{field.Name} overlaps.");
                Assert.Equal(0, OffsetOf(field) % Math.Min(sizeof(ulong), SizeOf(field.FieldType)));
                end = OffsetOf(field) + SizeOf(field.FieldType);
            }
            Assert.True(end <= SizeOf(type));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(1000)]
    public void The_parts_of_the_file_stand_where_the_map_says(int capacity)
    {
        Assert.Equal(4096 + (128 * capacity), SegmentLayout.State(capacity));
        Assert.Equal(1024 + (128 * capacity), StateLayout.Size(capacity));
        Assert.Equal(4096 + 128, SegmentLayout.Record(1));
        long end = 4096 + 1024 + (256L * capacity);
        Assert.InRange(SegmentLayout.ControlSize(capacity), end, end + 65_535);
        Assert.Equal(0, SegmentLayout.ControlSize(capacity) % 65_536);
    }

    [Fact]
    public void The_magic_is_the_text_and_the_hash_is_FNV_1a_of_what_the_map_quotes()
    {
        Assert.Equal("ISTHMUS\0"u8, BitConverter.GetBytes(SegmentLayout.Magic));
        Assert.Contains(SegmentLayout.Text, s_lines);
        ulong hash = 0xcbf29ce484222325;
        foreach (char each in $"{SegmentLayout.Text}\nTestMutex\nmutex word at line 0")
        {
            hash = unchecked((hash ^ each) * 0x100000001b3);
        }
        Assert.Equal(hash, TestKind.Mutex.LayoutHash);
    }

    private static IEnumerable<string> Fields(Type type) =>
        from field in type.GetFields(BindingFlags.Instance | BindingFlags.Public)
        orderby OffsetOf(field)
        select $"| {OffsetOf(field)} | {SizeOf(field.FieldType)} | `{field.Name}`";

    private static int OffsetOf(FieldInfo field) => (int)Marshal.OffsetOf(field.DeclaringType!, field.Name);

    private static int SizeOf(Type type) =>
        (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;
}
