using System.Buffers.Text;
using System.CommandLine;
using System.Security.Cryptography;
using SimplexActors.Nodes.Configuration;
using SimplexActors.Nodes.Hosting;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Crypto.Certificates;

namespace SimplexActors.Nodes.CommandLine;

/// <summary>
/// <c>simplex-router init</c>: makes an identity and a complete configuration. It never overwrites or
/// removes anything: where a file of either is present, it refuses (the reference empties folders, O-038).
/// </summary>
internal sealed class InitCommand : Command
{
    private const int PasswordBytes = 32;

    private readonly Option<string[]> _hosts = new("--host") { Description = "Name or address under which clients reach the router; may be given several times", HelpName = "HOST", Required = true };
    private readonly Option<string> _file = StartCommand.ConfigOption();
    private readonly Option<string> _identity = new("--identity") { Description = "Folder of the certificates; default: identity, beside the configuration", HelpName = "DIR" };
    private readonly Option<string> _data = new("--data") { Description = "Folder of the database; default: data, beside the configuration", HelpName = "DIR" };
    private readonly Option<string> _ports = new("--smp-port") { Description = "Ports for SMP clients, with commas", HelpName = "PORT", DefaultValueFactory = _ => "5223,443" };
    private readonly Option<string> _algorithm = CertCommand.AlgorithmOption("ed25519");
    private readonly Option<string> _password = new("--password") { Description = "Password for creating queues; random unless given", HelpName = "TEXT" };
    private readonly Option<bool> _noPassword = new("--no-password") { Description = "Anybody may create queues" };

    /// <summary>Describes the command.</summary>
    public InitCommand()
        : base("init", "Makes an identity and a configuration file.")
    {
        foreach (Option option in new Option[] { _hosts, _file, _identity, _data, _ports, _algorithm, _password, _noPassword })
        {
            Options.Add(option);
        }

        SetAction(Run);
    }

    private int Run(ParseResult parsed)
    {
        string file = parsed.GetRequiredValue(_file);
        string folder = Path.GetDirectoryName(Path.GetFullPath(file)) ?? throw new CommandFailure($"{file}: not the path of a file");
        KeyAlgorithm algorithm = CertCommand.ParseAlgorithm(parsed.GetRequiredValue(_algorithm));
        ConfigTemplate template = Fill(parsed, folder);

        // What was given is validated by the code that will read it, before anything is made.
        RouterConfig config = ConfigLoader.Validate(template.Text, folder, "command line");
        if (File.Exists(file) || Directory.Exists(file))
        {
            throw new CommandFailure($"{file} exists: nothing was changed; 'simplex-router start --config {file}' starts it");
        }

        Directory.CreateDirectory(folder);
        template.Write(file);
        try
        {
            IdentityFolder.Create(config.Identity.Folder, algorithm, config.Smp.Hosts[0]);
        }
        catch (StartException)
        {
            // Half an installation would only stand in the way of the next attempt.
            File.Delete(file);
            throw;
        }

        Print(file, config);
        return ExitCode.Success;
    }

    private ConfigTemplate Fill(ParseResult parsed, string folder)
    {
        ConfigTemplate template = new ConfigTemplate()
            .Set("smp.hosts", parsed.GetRequiredValue(_hosts))
            .Set("smp.ports", parsed.GetRequiredValue(_ports).Split(',', StringSplitOptions.TrimEntries))
            .Set("queues.create_password", ChoosePassword(parsed) ?? "");
        foreach ((string key, Option<string> option) in new[] { ("identity.folder", _identity), ("store.folder", _data) })
        {
            if (parsed.GetValue(option) is { } given)
            {
                template.Set(key, Path.GetRelativePath(folder, Path.GetFullPath(given)) is var relative && relative.StartsWith("..", StringComparison.Ordinal) ? Path.GetFullPath(given) : relative);
            }
        }

        return template;
    }

    private string? ChoosePassword(ParseResult parsed)
    {
        string? given = parsed.GetValue(_password);
        bool none = parsed.GetValue(_noPassword);
        if (given is not null && (none || given.Length == 0))
        {
            throw new CommandFailure(none ? "--password and --no-password exclude each other" : "--password needs a text; --no-password lets anybody create queues");
        }

        return none ? null : given ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(PasswordBytes));
    }

    private static void Print(string file, RouterConfig config)
    {
        using RouterCredentials credentials = IdentityFolder.Load(config.Identity.Folder);
        var address = new RouterAddress(credentials.FingerprintText, config.Queues.CreatePassword, config.Smp.Hosts, config.Smp.Ports[0]);
        Console.Out.WriteLine(address);
        Console.Out.WriteLine($"fingerprint {credentials.FingerprintText}");
        Console.Out.WriteLine($"configuration {Path.GetFullPath(file)}");
        Console.Out.WriteLine($"start with: simplex-router start --config {file}");
        ErrorOutput.Warn($"Move {Path.Combine(config.Identity.Folder, CredentialFiles.AuthorityKey)} to a safe offline place: who has it can pose as this router; without it no new certificate can be issued.");
    }
}
