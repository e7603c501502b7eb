using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using SimplexActors.Nodes.CommandLine.Cluster;
using SimplexActors.Nodes.CommandLine.Store;
using SimplexActors.Nodes.Configuration;
using SimplexActors.Nodes.Hosting;

namespace SimplexActors.Nodes.CommandLine;

/// <summary>
/// The command line of <c>simplex-router</c>: parses it, runs the command and turns whatever went wrong into
/// one line per problem on standard error and exit code 1. Standard output carries only what was asked for.
/// </summary>
internal static class CommandLineProgram
{
    /// <summary>Runs the program and returns its exit code.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        ParseResult parsed = Root().Parse(args.Length == 0 ? ["--help"] : args);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
        {
            string problem = parsed.UnmatchedTokens is [var first, ..] ? $"\"{first}\" is not a command or option here" : parsed.Errors[0].Message;
            return Fail([$"{problem} (see --help)"]);
        }

        try
        {
            // The commands handle signals and faults themselves.
            return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
        }
        catch (ConfigException e)
        {
            return Fail(e.Problems);
        }
        catch (Exception e) when (e is CommandFailure or StartException or IOException or UnauthorizedAccessException)
        {
            return Fail([e.Message]);
        }
    }

    private static RootCommand Root()
    {
        var root = new RootCommand("Runs a SimpleX SMP router.")
        {
            DevCommand.Create(),
            new InitCommand(),
            StartCommand.Create(),
            CertCommand.Create(),
            AdminCommand.Create(),
            ClusterCommand.Create(),
            StoreCommand.Create(),
        };
        root.Options.Remove(root.Options.OfType<VersionOption>().Single());
        root.Options.Add(new VersionOption("--version", "-v") { Action = new PrintVersion() });
        return root;
    }

    private static int Fail(IEnumerable<string> problems)
    {
        foreach (string problem in problems)
        {
            ErrorOutput.Fail(problem);
        }

        return ExitCode.Failure;
    }

    private sealed class PrintVersion : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            Console.Out.WriteLine(ProgramVersion.Line);
            return ExitCode.Success;
        }
    }
}
