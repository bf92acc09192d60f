using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Isthmus.Native;
using Isthmus.Tests.Harness;

namespace Isthmus.Tests.Signals;

/// <summary>The assembler is the oracle for the machine code: the comment of each line is what it is held against.</summary>
public sealed partial class HandlerCodeTests
{
    [Theory]
    [InlineData(Architecture.X64, "gcc")]
    [InlineData(Architecture.Arm64, "aarch64-linux-gnu-gcc")]
    public void Each_byte_is_what_the_assembler_makes_of_the_comments(Architecture architecture, string compiler)
    {
        Peer.Require(compiler);
        string source = Source.Read($"src/Isthmus/Signals/{architecture}HandlerCode.cs");
        HandlerCode code = HandlerCode.Of(architecture);
        string[] parts = source.Split("ReadOnlySpan<byte> ")[1..];
        Assert.Equal(3, parts.Length);
        Assert.Equal(code.Write.ToArray(), Assemble(compiler, architecture, parts[0]));
        Assert.Equal(code.Block.ToArray(), Assemble(compiler, architecture, parts[1]));
        Assert.Equal(code.Unblock.ToArray(), Assemble(compiler, architecture, parts[2]));
    }

    [Fact]
    public void A_processor_without_handlers_is_named() => Assert.Contains(
        "S390x", Assert.Throws<PlatformNotSupportedException>(() => HandlerCode.Of(Architecture.S390x)).Message, StringComparison.Ordinal);

    private static byte[] Assemble(string compiler, Architecture architecture, string handler)
    {
        using TemporaryDirectory directory = new();
        StringBuilder program = new("#include <sys/syscall.h>\n");
        (string Name, int Value)[] constants =
        [
            ("DESCRIPTOR", HandlerEntry.DescriptorOffset), ("ACTIVE", HandlerEntry.ActiveOffset), ("DROPPED", HandlerEntry.DroppedOffset),
            ("NEXT", HandlerEntry.NextOffset), ("HANDLED", HandlerEntry.HandledOffset), ("SI_TKILL", LibC.SI_TKILL),
            ("SI_CODE", (int)Marshal.OffsetOf<LibC.siginfo_t>(nameof(LibC.siginfo_t.si_code))),
            ("UC_SIGMASK", (int)(architecture == Architecture.X64
                ? Marshal.OffsetOf<LibC.X64.ucontext_t>(nameof(LibC.X64.ucontext_t.uc_sigmask))
                : Marshal.OffsetOf<LibC.Arm64.ucontext_t>(nameof(LibC.Arm64.ucontext_t.uc_sigmask)))),
        ];
        foreach ((string name, int value) in constants)
        {
            program.AppendLine(CultureInfo.InvariantCulture, $"#define {name} {value}");
        }
        program.AppendLine(architecture == Architecture.X64 ? ".intel_syntax noprefix" : "");
        program.AppendLine(".text");
        foreach (Match line in Comments().Matches(handler))
        {
            program.AppendLine(line.Groups["source"].Value);
        }
        File.WriteAllText(directory["handler.S"], program.ToString());
        Assert.Equal(("", 0), Peer.Run(compiler, ["-c", directory["handler.S"], "-o", directory["handler.o"]]));
        // Only the section: a linker script would do too, but objcopy comes with the assembler.
        string objcopy = compiler.Replace("gcc", "objcopy", StringComparison.Ordinal);
        Assert.Equal(("", 0), Peer.Run(objcopy, ["-O", "binary", "-j", ".text", directory["handler.o"], directory["handler.bin"]]));
        return File.ReadAllBytes(directory["handler.bin"]);
    }

    [GeneratedRegex("// (?<source>.+)")]
    private static partial Regex Comments();
}
