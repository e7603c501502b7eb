using System.CommandLine;
using SimplexActors.Nodes.Configuration;
using SimplexActors.Nodes.Hosting;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Crypto.Certificates;

namespace SimplexActors.Nodes.CommandLine;

/// <summary>
/// <c>simplex-router cert</c>: issues a new online certificate and key under the same identity, so the
/// address stays. What is not given is taken from the present certificate (O-036).
/// </summary>
internal static class CertCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        Option<string> file = StartCommand.ConfigOption();
        var folder = new Option<string>("--identity") { Description = "Folder of the certificates, instead of the configuration's", HelpName = "DIR" };
        var name = new Option<string>("--cn") { Description = "Name in the certificate; default: the present one", HelpName = "HOST" };
        Option<string> algorithm = AlgorithmOption(null);
        var command = new Command("cert", "Issues a new online certificate; the address stays.") { file, folder, name, algorithm };
        command.SetAction(parsed =>
        {
            string identity = parsed.GetValue(folder) is { } given
                ? Path.GetFullPath(given)
                : ConfigLoader.Load(StartCommand.Existing(parsed.GetRequiredValue(file)), new Dictionary<string, string>()).Identity.Folder;
            IdentityFolder.Renew(identity, parsed.GetValue(algorithm) is { } text ? ParseAlgorithm(text) : null, parsed.GetValue(name));
            using RouterCredentials credentials = IdentityFolder.Load(identity);
            Console.Out.WriteLine($"issued {Path.Combine(identity, CredentialFiles.LeafCertificate)}");
            Console.Out.WriteLine($"fingerprint {credentials.FingerprintText}");
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>The option that names a signature algorithm.</summary>
    public static Option<string> AlgorithmOption(string? otherwise)
    {
        var option = new Option<string>("--sign-algorithm", "-a") { Description = "ed25519 or ed448", HelpName = "NAME" };
        if (otherwise is not null)
        {
            option.DefaultValueFactory = _ => otherwise;
        }

        return option;
    }

    /// <summary>Reads the name of a signature algorithm.</summary>
    /// <exception cref="CommandFailure">It is another word.</exception>
    public static KeyAlgorithm ParseAlgorithm(string text) => text.ToUpperInvariant() switch
    {
        "ED25519" => KeyAlgorithm.Ed25519,
        "ED448" => KeyAlgorithm.Ed448,
        _ => throw new CommandFailure($"--sign-algorithm \"{text}\": must be ed25519 or ed448"),
    };
}
