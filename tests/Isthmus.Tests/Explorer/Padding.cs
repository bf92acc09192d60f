using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Isthmus.Tests.Explorer;

/// <summary>
/// Which bytes of an operation nobody ever writes on purpose. The compiler copies what happens to be in them, and two states that
/// differ there only would count as two.
/// </summary>
internal static class Padding
{
    /// <summary>All bits set that belong to a field, in so many words as the type has.</summary>
    public static ulong[] MaskOf<T>()
        where T : unmanaged
    {
        ulong[] mask = new ulong[(Unsafe.SizeOf<T>() + sizeof(ulong) - 1) / sizeof(ulong)];
        Unsafe.As<ulong, T>(ref mask[0]) = (T)Filled(typeof(T));
        return mask;
    }

    private static object Filled(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Filled(underlying);
        }
        if (type.IsPrimitive || type.IsEnum || type.IsPointer || type.IsDefined(typeof(InlineArrayAttribute)))
        {
            return FilledWhole(type);
        }
        object value = RuntimeHelpers.GetUninitializedObject(type);
        foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            field.SetValue(value, Filled(field.FieldType));
        }
        return value;
    }

    private static object FilledWhole(Type type)
    {
        Array one = Array.CreateInstance(type, 1);
        int size = (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;
        MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(one), size).Fill(byte.MaxValue);
        return one.GetValue(0)!;
    }
}
