using System.Globalization;
using System.Reflection;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Repository;

/// <summary>
/// Compares the public API of each library with docs/api, so that each change of it shows in the diff.
/// Run with UPDATE_SNAPSHOTS=1 to accept.
/// </summary>
public sealed class PublicApiTests
{
    public static TheoryData<string> Libraries => ["Isthmus", "Isthmus.Inspection"];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Public_api_matches_its_snapshot(string library)
    {
        string actual = string.Join('\n', Describe(Assembly.Load(library))) + '\n';
        string path = Path.Combine(Source.Root, "docs/api", library + ".txt");
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(path, actual);
        }
        Assert.Equal(File.ReadAllText(path), actual);
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void All_public_types_stand_in_one_namespace(string library) =>
        Assert.All(Assembly.Load(library).GetExportedTypes(), type => Assert.Equal(library, type.Namespace));

    private static IEnumerable<string> Describe(Assembly assembly) =>
        from type in assembly.GetExportedTypes()
        orderby type.FullName
        from line in (string[])[Header(type), .. Members(type)]
        select line;

    private static string Header(Type type)
    {
        string kind = type.IsEnum ? "enum" : type.IsValueType ? "struct" : type.IsInterface ? "interface"
            : type is { IsAbstract: true, IsSealed: true } ? "static class" : type.IsSealed ? "sealed class" : type.IsAbstract ? "abstract class" : "class";
        string bases = type.BaseType is { } b && b != typeof(object) && b != typeof(ValueType) && b != typeof(Enum) ? " : " + b.Name : "";
        return $"{kind} {type.FullName}{bases}";
    }

    private static IEnumerable<string> Members(Type type) =>
        from member in type.GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        where member is not MethodInfo { IsSpecialName: true } && (!type.IsEnum || member is FieldInfo { IsLiteral: true })
        let line = Describe(member)
        orderby member.Name, line
        select "    " + line;

    private static string Describe(MemberInfo member) => member switch
    {
        FieldInfo { IsLiteral: true } field => string.Create(
            CultureInfo.InvariantCulture, $"{field.Name} = {Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture)}"),
        PropertyInfo property => $"{property} {{ {(property.CanRead ? "get; " : "")}{(property.SetMethod is { IsPublic: true } ? "set; " : "")}}}",
        _ => member.ToString()!,
    };
}
