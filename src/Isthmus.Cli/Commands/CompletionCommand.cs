using System.CommandLine;

namespace Isthmus.Cli.Commands;

/// <summary><c>isthmus completion</c>: scripts by which a shell asks the tool itself what may follow.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        _isthmus() {
            local IFS=$'\n'
            COMPREPLY=($(isthmus "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null))
        }
        complete -o default -F _isthmus isthmus
        """;

    private const string Zsh = """
        #compdef isthmus
        _isthmus() {
            local -a found
            found=("${(@f)$(isthmus "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -- $found || _files
        }
        compdef _isthmus isthmus
        """;

    private const string Fish = """
        complete -c isthmus -a '(isthmus "[suggest:"(string length -- (commandline -cp))"]" (commandline -cp) 2>/dev/null)'
        """;

    public static Command Create()
    {
        Argument<string> shell = new("shell") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        CliCommand command = new("completion", "Print the completion script of a shell.")
        {
            Examples = ["isthmus completion bash > ~/.local/share/bash-completion/completions/isthmus", "isthmus completion fish | source"],
        };
        command.Add(shell);
        command.SetAction(line => Console.WriteLine(line.GetValue(shell) switch { "bash" => Bash, "zsh" => Zsh, _ => Fish }));
        return command;
    }
}
