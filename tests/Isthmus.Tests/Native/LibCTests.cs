using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Isthmus.Native;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Native;

/// <summary>
/// Asks the C compilers of both architectures whether our copies of the C headers are right: every constant, every struct's
/// size and every field's offset and size in <see cref="LibC"/> becomes a _Static_assert.
/// A new binding is covered the moment it is written.
/// </summary>
public sealed class LibCTests
{
    private const BindingFlags Members = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly;

    private static readonly Type[] s_architectures = [typeof(LibC.X64), typeof(LibC.Arm64)];

    [Theory]
    [InlineData("gcc", nameof(LibC.X64))]
    [InlineData("aarch64-linux-gnu-gcc", nameof(LibC.Arm64))]
    public void Constants_and_structs_equal_those_of_the_headers(string compiler, string architecture)
    {
        List<string> asserts =
        [
            .. Asserts(typeof(LibC)),
            .. WhereDeclared(typeof(LibC.Pidfd), nameof(LibC.Pidfd.PIDFD_INFO_EXIT)),
            .. WhereDeclared(typeof(LibC.Memfd), nameof(LibC.Memfd.MFD_EXEC)),
            .. Asserts(s_architectures.Single(type => type.Name == architecture)),
            .. Errnos(),
            .. Offsets(typeof(LibC.TcpInfo), "struct tcp_info"),
        ];
        Assert.True(asserts.Count > 300, "Reflection found too few declarations to be believed.");

        (string output, int exitCode) = Compile(compiler, string.Join('\n', asserts));

        Assert.Equal("", output);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public void A_wrong_constant_is_noticed()
    {
        (string output, int exitCode) = Compile("gcc", AssertEqual("O_CREAT", 65));
        Assert.Contains("O_CREAT", output, StringComparison.Ordinal);
        Assert.NotEqual(0, exitCode);
    }

    [Fact]
    public void Every_declared_call_is_exported_by_libc()
    {
        nint libc = NativeLibrary.Load("libc.so.6");
        string[] missing = [.. EntryPoints().Where(name => !NativeLibrary.TryGetExport(libc, name, out _))];
        Assert.Empty(missing);
        Assert.True(EntryPoints().Count() > 50, "Reflection found too few calls to be believed.");
    }

    // The generator puts the real import into the partial method's body or beside it; the declarations tell it too.
    private static IEnumerable<string> EntryPoints() =>
        from file in Directory.EnumerateFiles(Path.Combine(Source.Root, "src/Isthmus/Native"), "LibC.*.cs")
        let text = File.ReadAllText(file)
        from import in text.Split("[LibraryImport(Libc").Skip(1)
        let entry = import.Split("EntryPoint = \"").Skip(1).FirstOrDefault()
        let attribute = import[..import.IndexOf(")]", StringComparison.Ordinal)]
        let declaration = import[(import.IndexOf("partial", StringComparison.Ordinal) + 8)..]
        let name = declaration[..declaration.IndexOf('(', StringComparison.Ordinal)].Split(' ')[^1]
        select attribute.Contains("EntryPoint", StringComparison.Ordinal) ? entry![..entry!.IndexOf('"', StringComparison.Ordinal)] : name;

    private static IEnumerable<string> Asserts(Type scope)
    {
        foreach (FieldInfo field in scope.GetFields(Members).Where(field => field.IsLiteral))
        {
            yield return AssertEqual(field.Name, field.GetRawConstantValue()!);
        }
        foreach (Type type in scope.GetNestedTypes().Where(type => type.IsValueType && IsOfC(type)))
        {
            string name = CName(type);
            yield return AssertEqual($"sizeof({name})", SizeOf(type));
            foreach (string assert in Offsets(type, name))
            {
                yield return assert;
            }
        }
    }

    private static IEnumerable<string> Offsets(Type type, string name)
    {
        foreach (FieldInfo field in type.GetFields(Members).Where(field => !field.IsStatic))
        {
            yield return AssertEqual($"offsetof({name}, {field.Name})", Marshal.OffsetOf(type, field.Name));
            yield return AssertEqual($"sizeof((({name} *)0)->{field.Name})", SizeOf(field.FieldType));
        }
    }

    // Additions of the kernel that the installed headers may be too old for: checked where they have the latest of them.
    private static IEnumerable<string> WhereDeclared(Type scope, string latest) => [$"#ifdef {latest}", .. Asserts(scope), "#endif"];

    private static IEnumerable<string> Errnos() =>
        from errno in Enum.GetValues<Errno>()
        where errno != Errno.None
        select AssertEqual(errno.ToString(), (int)errno);

    // Names that start with a capital are helpers of ours, such as inline arrays.
    private static bool IsOfC(Type type) => char.IsLower(type.Name[0]);

    private static string CName(Type type) =>
        type.Name.EndsWith("_t", StringComparison.Ordinal) ? type.Name : "struct " + type.Name;

    private static int SizeOf(Type type) => type.IsPointer
        ? IntPtr.Size
        : (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    private static string AssertEqual(string expression, object value) => string.Create(
        CultureInfo.InvariantCulture,
        $"_Static_assert((unsigned long)({expression}) == (unsigned long){Literal(value)}, \"{expression}\");");

    private static string Literal(object value) => value switch
    {
        ulong large => large.ToString(CultureInfo.InvariantCulture) + "UL",
        nuint native => native.ToString(CultureInfo.InvariantCulture) + "UL",
        nint native => native.ToString(CultureInfo.InvariantCulture),
        _ => Convert.ToInt64(value, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
    };

    private static (string Output, int ExitCode) Compile(string compiler, string asserts)
    {
        StringBuilder program = new("#define _GNU_SOURCE\n");
        foreach (string header in Headers())
        {
            program.AppendLine(CultureInfo.InvariantCulture, $"#include <{header}>");
        }
        program.Append("#if __has_include(<sys/pidfd.h>)\n#include <sys/pidfd.h>\n#endif\n");
        program.Append(asserts).Append('\n');
        return Peer.Run(compiler, ["-x", "c", "-std=gnu17", "-Wall", "-fsyntax-only", "-"], program.ToString());
    }

    private static string[] Headers() =>
    [
        "errno.h", "fcntl.h", "limits.h", "linux/futex.h", "linux/inet_diag.h", "linux/kcmp.h", "linux/magic.h", "linux/membarrier.h",
        "linux/netlink.h", "linux/sock_diag.h", "linux/tcp.h", "linux/unix_diag.h",
        "mqueue.h", "netinet/in.h", "poll.h", "sched.h", "semaphore.h", "signal.h", "spawn.h", "stddef.h", "stdint.h", "stdio.h", "stdlib.h",
        "sys/epoll.h", "sys/eventfd.h", "sys/file.h", "sys/ioctl.h", "sys/ipc.h", "sys/mman.h", "sys/mount.h", "sys/msg.h", "sys/prctl.h", "sys/resource.h",
        "sys/sem.h", "sys/shm.h", "sys/signalfd.h", "sys/socket.h", "sys/stat.h", "sys/statfs.h", "sys/syscall.h", "sys/time.h",
        "sys/timerfd.h", "sys/uio.h", "sys/un.h", "sys/wait.h", "termios.h", "time.h", "ucontext.h", "unistd.h",
    ];
}
