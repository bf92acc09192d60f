using System.CommandLine;
using System.CommandLine.Parsing;

namespace Isthmus.Cli.Names;

/// <summary>What each verb takes to know its object: NAME, or <c>--key-file PATH</c> in its place.</summary>
internal sealed class ObjectNameInput
{
    private readonly Argument<ObjectName?> _name;

    private readonly Option<string?> _file = new("--key-file")
    {
        Description = "In place of a name: the System V key that ftok(3) makes from this file.",
        HelpName = "path",
        CustomParser = FilePath.Parse,
    };

    private readonly Option<int?> _project = NumberOption.Create(
        "--key-project", "The number that ftok(3) mixes in; 1 by default.", 1, (int)byte.MaxValue);

    private ObjectNameInput(Command command, bool acceptsShared)
    {
        _name = new Argument<ObjectName?>("name")
        {
            Description = (acceptsShared ? "A bare word (Isthmus), " : "") + "/x (POSIX), 0xKEY (System V key) or a number (System V id).",
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = argument => Parse(argument, acceptsShared),
        };
        command.Add(_name);
        command.Add(_file);
        command.Add(_project);
        command.Validators.Add(Validate);
    }

    /// <summary>Adds it to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="acceptsShared">Whether Isthmus has such objects, too.</param>
    public static ObjectNameInput AddTo(Command command, bool acceptsShared = false) => new(command, acceptsShared);

    public ObjectName Get(ParseResult line) =>
        line.GetValue(_name) ?? new ObjectName.Key(SystemVKey.FromFile(line.GetRequiredValue(_file)!, line.GetValue(_project) ?? 1));

    private void Validate(CommandResult line)
    {
        bool hasName = line.GetResult(_name) is { Tokens.Count: > 0 };
        bool hasFile = line.GetResult(_file) is { Implicit: false };
        if (hasName == hasFile)
        {
            line.AddError(hasName ? "A name and --key-file exclude each other." : "Say which object: a name, or --key-file.");
        }
        else if (line.GetResult(_project) is { Implicit: false } && !hasFile)
        {
            line.AddError("--key-project belongs to --key-file.");
        }
    }

    private static ObjectName? Parse(ArgumentResult argument, bool acceptsShared)
    {
        try
        {
            return argument.Tokens.Count == 0 ? null : ObjectName.Parse(argument.Tokens[0].Value, acceptsShared);
        }
        catch (FormatException error)
        {
            argument.AddError(error.Message);
            return null;
        }
    }
}
