using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Isthmus;

/// <summary>What the values of one type look like in shared memory. The default: bytes, of any number.</summary>
/// <param name="Size">In bytes; 0 for bytes.</param>
/// <param name="Layout">A number for the kinds of all fields in their order; 0 when it is not known. Names and signs do not count.</param>
internal readonly record struct Element(int Size, ulong Layout)
{
    /// <summary>That of a type.</summary>
    public static Element Of<T>()
        where T : unmanaged => Known<T>.Element;

    /// <summary>Whether who takes it for <paramref name="other"/> reads what was written.</summary>
    public bool IsLike(Element other) => Size == other.Size && (Layout == other.Layout || Layout == 0 || other.Layout == 0);

    /// <summary>What it is, and what it was taken for.</summary>
    /// <param name="asked">For what.</param>
    /// <param name="what">What there are, in the plural.</param>
    public string Unlike(Element asked, string what) => Size == asked.Size
        ? $"{what} of {Size} bytes whose fields are of other kinds, or in another order"
        : $"{SizeOf(this, what)}, and {SizeOf(asked, what)} were asked for";

    private static string SizeOf(Element element, string what) => element.Size == 0 ? $"{what} of bytes" : $"{what} of {element.Size} bytes each";

    // Where programs are compiled beforehand, fields that nobody asks for by name may be unknown.
    private static ulong LayoutOf(Type type) => RuntimeFeature.IsDynamicCodeSupported ? Fnv64.Hash(Text(type)) : 0;

    private static string Text(Type type)
    {
        if (type.IsEnum)
        {
            return Text(type.GetEnumUnderlyingType());
        }
        return type.IsPrimitive || type.IsPointer || type.IsFunctionPointer ? Simple(type) : Struct(type);
    }

    private static string Simple(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => "bool",
        TypeCode.SByte or TypeCode.Byte => "i8",
        TypeCode.Int16 or TypeCode.UInt16 or TypeCode.Char => "i16",
        TypeCode.Int32 or TypeCode.UInt32 => "i32",
        TypeCode.Single => "f32",
        TypeCode.Double => "f64",
        _ => "i64",
    };

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "The fields of a struct that is used are its layout, and are kept.")]
    private static string Struct(Type type)
    {
        StructLayoutAttribute layout = type.StructLayoutAttribute ?? new(LayoutKind.Sequential);
        StringBuilder text = new();
        text.Append('{').Append((int)layout.Value).Append(' ').Append(layout.Pack).Append(' ').Append(layout.Size);
        text.Append(' ').Append(type.GetCustomAttribute<InlineArrayAttribute>()?.Length ?? 1).Append(':');
        foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).OrderBy(field => field.MetadataToken))
        {
            text.Append(' ').Append(field.GetCustomAttribute<FieldOffsetAttribute>()?.Value ?? -1).Append('@').Append(Text(field.FieldType));
        }
        return text.Append('}').ToString();
    }

    private static class Known<T>
        where T : unmanaged
    {
        public static readonly Element Element = new(Unsafe.SizeOf<T>(), LayoutOf(typeof(T)));
    }
}
