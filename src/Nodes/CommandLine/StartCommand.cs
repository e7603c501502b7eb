using System.CommandLine;
using SimplexActors.Nodes.Configuration;
using SimplexActors.Nodes.Hosting;

namespace SimplexActors.Nodes.CommandLine;

/// <summary><c>simplex-router start</c>: runs the router that a configuration file describes.</summary>
internal static class StartCommand
{
    /// <summary>Where <c>init</c> writes and <c>start</c> reads unless told otherwise, in the current folder.</summary>
    public const string DefaultFile = "simplex-router.conf";

    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        Option<string> file = ConfigOption();
        var data = new Option<string>("--data") { Description = "Folder of the database (store.folder)", HelpName = "DIR" };
        var options = new SharedOptions();
        var command = new Command("start", "Starts the router of a configuration file and prints its address.") { file, data };
        options.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            Dictionary<string, string> values = options.Read(parsed);
            if (parsed.GetValue(data) is { } folder)
            {
                values["store.folder"] = folder;
            }

            RouterConfig config = ConfigLoader.Load(Existing(parsed.GetRequiredValue(file)), values);
            return await RouterRun.RunAsync(config);
        });
        return command;
    }

    /// <summary>The option that names the configuration file.</summary>
    public static Option<string> ConfigOption() =>
        new("--config") { Description = "Configuration file", HelpName = "FILE", DefaultValueFactory = _ => DefaultFile };

    /// <summary>The file, after checking that it is there.</summary>
    /// <exception cref="CommandFailure">It is not.</exception>
    public static string Existing(string file) =>
        File.Exists(file) || Directory.Exists(file) ? file : throw new CommandFailure($"{file}: no such file; 'simplex-router init' makes one");
}
