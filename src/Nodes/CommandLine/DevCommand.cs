using System.CommandLine;
using SimplexActors.Nodes.Configuration;
using SimplexActors.Nodes.Hosting;
using SimplexActors.Protocol.Crypto;

namespace SimplexActors.Nodes.CommandLine;

/// <summary>
/// <c>simplex-router dev</c>: everything in one process below one folder, without configuration. Makes an
/// identity at the first start and keeps it from then on, and a certificate that lets a browser show the router's pages.
/// </summary>
internal static class DevCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Folder of identity and database", HelpName = "DIR", DefaultValueFactory = _ => "data" };
        var options = new SharedOptions();
        var command = new Command("dev", "Starts a router without configuration and prints its address.") { data };
        options.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            RouterConfig config = ConfigLoader.Load(file: null, options.Read(parsed), Defaults(parsed.GetRequiredValue(data)));
            if (config.Web.ProblemOfPort(config.Smp.Ports) is { } problem)
            {
                throw new CommandFailure(problem);
            }

            if (!IdentityFolder.HasAny(config.Identity.Folder))
            {
                IdentityFolder.Create(config.Identity.Folder, KeyAlgorithm.Ed25519, config.Smp.Hosts[0]);
            }

            return await RouterRun.RunAsync(config with { Web = WebOf(config) });
        });
        return command;
    }

    /// <summary>Whoever configured no certificate for browsers gets one that is good enough to look at the pages.</summary>
    private static WebConfig WebOf(RouterConfig config)
    {
        if (config.Web.Certificate is not null)
        {
            return config.Web;
        }

        (string certificate, string key) = IdentityFolder.EnsureWebCertificate(config.Identity.Folder, config.Smp.Hosts);
        return config.Web with { Certificate = certificate, Key = key };
    }

    /// <summary>What <c>dev</c> sets beyond the built-in defaults; <c>hocon/dev.conf</c> says the same.</summary>
    internal static Dictionary<string, string> Defaults(string data) => new()
    {
        ["identity.folder"] = Path.Combine(data, "identity"),
        ["store.folder"] = Path.Combine(data, "store"),
        ["smp.ports"] = "5223",
        ["web.port"] = "0",
    };
}
