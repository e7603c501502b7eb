using System.CommandLine;
using SimplexActors.Nodes.Configuration;
using Spectre.Console;

namespace SimplexActors.Nodes.CommandLine.Cluster;

/// <summary><c>simplex-router cluster join-check</c>: tells before a start whether this node could join its cluster. Changes nothing.</summary>
internal static class JoinCheckCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        Option<string> file = StartCommand.ConfigOption();
        var command = new Command("join-check", "Checks whether this node could join its cluster; changes nothing.") { file };
        command.SetAction(async (parsed, cancellation) =>
        {
            RouterConfig config = ConfigLoader.Load(StartCommand.Existing(parsed.GetRequiredValue(file)), new Dictionary<string, string>());
            bool isGood = true;
            await foreach (Finding finding in new JoinCheck(config, TimeProvider.System).RunAsync(cancellation))
            {
                Print(finding);
                isGood &= finding.Kind != FindingKind.Problem;
            }

            return isGood ? ExitCode.Success : ExitCode.Failure;
        });
        return command;
    }

    private static void Print(Finding finding)
    {
        if (Console.IsOutputRedirected)
        {
            Console.Out.WriteLine(finding);
            return;
        }

        AnsiConsole.WriteLine(finding.ToString(), new Style(finding.Kind switch
        {
            FindingKind.Ok => Color.Green,
            FindingKind.Note => Color.Yellow,
            _ => Color.Red,
        }));
    }
}
