using SimplexActors.Nodes.CommandLine;
using SimplexActors.Nodes.Configuration;

namespace SimplexActors.Nodes.Edges.Web;

/// <summary>What the information page tells about the router itself (O-215, S-401). Nothing of it is secret.</summary>
/// <param name="Address">For clients, without the password for creating queues.</param>
/// <param name="Host">The first name in the address.</param>
/// <param name="OnionHost">Its name in the Tor network; null when it has none (O-218).</param>
/// <param name="Version">The program's version, with the commit when it is known.</param>
/// <param name="NewQueues">Whether queues can be created.</param>
/// <param name="PasswordNeeded">Whether creating them needs a password.</param>
/// <param name="MessageTtl">Age after which undelivered messages are removed.</param>
/// <param name="MessageQuota">Undelivered messages that one queue holds.</param>
/// <param name="Information">What the operator tells.</param>
internal sealed record RouterFacts(
    string Address,
    string Host,
    string? OnionHost,
    string Version,
    bool NewQueues,
    bool PasswordNeeded,
    TimeSpan MessageTtl,
    int MessageQuota,
    InformationConfig Information)
{
    private const string OnionSuffix = ".onion";

    /// <summary>The facts of a router that listens.</summary>
    /// <param name="config">How it is configured.</param>
    /// <param name="fingerprint">Of its identity, as in the address.</param>
    /// <param name="port">The port in the address.</param>
    public static RouterFacts Of(RouterConfig config, string fingerprint, int port) => new(
        new RouterAddress(fingerprint, Password: null, config.Smp.Hosts, port).ToString(),
        config.Smp.Hosts[0],
        config.Smp.Hosts.FirstOrDefault(host => host.EndsWith(OnionSuffix, StringComparison.OrdinalIgnoreCase)),
        ProgramVersion.Commit.Length > 0 ? $"{ProgramVersion.Number} ({ProgramVersion.Commit})" : ProgramVersion.Number,
        config.Queues.NewQueues,
        config.Queues.CreatePassword is not null,
        config.Queues.MessageTtl,
        config.Queues.MessageQuota,
        config.Information);
}
