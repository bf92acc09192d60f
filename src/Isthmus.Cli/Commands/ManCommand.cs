using System.CommandLine;
using System.Globalization;
using System.Text;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus man</c>: the man page, made from the commands themselves so that it cannot go stale.</summary>
internal static class ManCommand
{
    public static Command Create()
    {
        CliCommand command = new("man", "Print the man page.")
        {
            Examples = ["isthmus man | man -l -", "isthmus man > ~/.local/share/man/man1/isthmus.1"],
        };
        command.SetAction(_ => Console.Write(Page(CommandLine.CreateRoot())));
        return command;
    }

    private static string Page(RootCommand root)
    {
        StringBuilder page = new();
        page.AppendLine(".TH ISTHMUS 1");
        page.AppendLine(".SH NAME").AppendLine(CultureInfo.InvariantCulture, $@"isthmus \- {Escape(root.Description)}");
        page.AppendLine(".SH SYNOPSIS").AppendLine(@".B isthmus").AppendLine(@".I command").AppendLine("[options]");
        page.AppendLine(".SH COMMANDS");
        foreach (Command command in Runnable(root))
        {
            AppendCommand(page, command);
        }
        page.AppendLine(".SH EXIT STATUS");
        AppendRow(page, "0", "Done.");
        AppendRow(page, "1", "An expected no: timed out, would block, nothing found, all places taken, a wrong byte in bench.");
        AppendRow(page, "2", "The command line is wrong.");
        AppendRow(page, "3", "The system refused; the message names the error.");
        AppendRow(page, "124, 125, 126, 127", "Of run: timed out; the tool failed; not executable; not found.");
        AppendRow(page, "128+n", "Ended by signal n: 130 by SIGINT, 143 by SIGTERM; of run, the command was.");
        return page.ToString();
    }

    private static IEnumerable<Command> Runnable(Command command) =>
        command.Subcommands.Where(sub => !sub.Hidden).SelectMany(sub => sub.Subcommands.Count == 0 ? [sub] : Runnable(sub));

    private static void AppendCommand(StringBuilder page, Command command)
    {
        string arguments = string.Concat(command.Arguments.Select(argument => $" {argument.HelpName ?? argument.Name.ToUpperInvariant()}"));
        page.AppendLine(CultureInfo.InvariantCulture, $".SS {Escape(CommandLine.PathOf(command) + arguments)}");
        page.AppendLine(Escape(command.Description));
        foreach (Argument argument in command.Arguments)
        {
            AppendRow(page, argument.HelpName ?? argument.Name.ToUpperInvariant(), argument.Description);
        }
        foreach (Option option in command.Options.Where(option => !option.Hidden))
        {
            string value = option.ValueType == typeof(bool) ? "" : $" {option.HelpName ?? "value"}";
            AppendRow(page, string.Join(", ", option.Aliases.Prepend(option.Name)) + value, option.Description);
        }
        foreach (string example in (command as CliCommand)?.Examples ?? [])
        {
            page.AppendLine(".PP").AppendLine(".RS").AppendLine(Escape(example)).AppendLine(".RE");
        }
    }

    private static void AppendRow(StringBuilder page, string term, string? text) => page
        .AppendLine(".TP").AppendLine(CultureInfo.InvariantCulture, $".B {Escape(term)}").AppendLine(Escape(text));

    // A line that starts with a dot or a quote is a request to roff, a hyphen is not a minus.
    private static string Escape(string? text)
    {
        string escaped = (text ?? "").Replace(@"\", @"\e", StringComparison.Ordinal).Replace("-", @"\-", StringComparison.Ordinal);
        return escaped.StartsWith('.') || escaped.StartsWith('\'') ? @"\&" + escaped : escaped;
    }
}
