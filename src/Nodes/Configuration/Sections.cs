using System.Net;
using Microsoft.Extensions.Logging;

namespace SimplexActors.Nodes.Configuration;

/// <summary>Where the router's identity is.</summary>
/// <param name="Folder">Full path of the folder with ca.crt, server.crt, server.key and, until it is moved away, ca.key.</param>
internal sealed record IdentityConfig(string Folder)
{
    internal static IdentityConfig Read(ConfigReader reader) => new(reader.FilePath("identity.folder", "identity"));
}

/// <summary>How clients reach the router.</summary>
/// <param name="Hosts">Names and addresses in the printed router address; at least one.</param>
/// <param name="Bind">Addresses to listen on; empty means all of them, IPv6 and IPv4.</param>
/// <param name="Ports">TCP ports to listen on; 0 lets the system choose.</param>
internal sealed record SmpConfig(IReadOnlyList<string> Hosts, IReadOnlyList<IPAddress> Bind, IReadOnlyList<int> Ports)
{
    internal static SmpConfig Read(ConfigReader reader) => new(
        reader.List("smp.hosts", ["localhost"], ValueParsers.Host, minimum: 1),
        reader.List("smp.bind", [], ValueParsers.Address),
        reader.List("smp.ports", [5223, 443], ValueParsers.Port, minimum: 1));
}

/// <summary>What queues may do.</summary>
/// <param name="NewQueues">Whether queues can be created at all.</param>
/// <param name="CreatePassword">What NEW must carry; null when anyone may create queues.</param>
/// <param name="MessageTtl">Age after which an undelivered message is removed.</param>
/// <param name="MessageQuota">Messages that one queue holds before senders are told QUOTA.</param>
/// <param name="NotificationTtl">Age after which an undelivered notification is removed.</param>
/// <param name="ExpireOnSend">Whether a SEND first removes what is too old in its queue.</param>
/// <param name="ExpiryInterval">Time between two searches for what is too old.</param>
/// <param name="CollectUnusedAfter">Time after which a queue is deleted that nobody used; null for never.</param>
/// <param name="CollectSuspendedAfter">The same for queues that are off.</param>
/// <param name="CollectInterval">Time between two searches for such queues.</param>
internal sealed record QueuesConfig(
    bool NewQueues,
    string? CreatePassword,
    TimeSpan MessageTtl,
    int MessageQuota,
    TimeSpan NotificationTtl,
    bool ExpireOnSend,
    TimeSpan ExpiryInterval,
    TimeSpan? CollectUnusedAfter,
    TimeSpan? CollectSuspendedAfter,
    TimeSpan CollectInterval)
{
    internal static QueuesConfig Read(ConfigReader reader) => new(
        reader.Switch("queues.new_queues", true),
        reader.Secret("queues.create_password", ValueParsers.Password),
        reader.Duration("queues.message_ttl", TimeSpan.FromDays(21), TimeSpan.FromSeconds(1), TimeSpan.FromDays(3650)),
        reader.Integer("queues.message_quota", 128, 1, 65_536),
        reader.Duration("queues.notification_ttl", TimeSpan.FromHours(24), TimeSpan.FromSeconds(1), TimeSpan.FromDays(365)),
        reader.Switch("queues.expire_on_send", false),
        reader.Duration("queues.expiry_interval", TimeSpan.FromHours(1), TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
        reader.OptionalDuration("queues.collect_unused_after", TimeSpan.FromDays(30), TimeSpan.FromDays(3650)),
        reader.OptionalDuration("queues.collect_suspended_after", TimeSpan.FromDays(30), TimeSpan.FromDays(3650)),
        reader.Duration("queues.collect_interval", TimeSpan.FromDays(1), TimeSpan.FromSeconds(1), TimeSpan.FromDays(7)));
}

/// <summary>What happens to clients that hold no subscription and send nothing.</summary>
/// <param name="Disconnect">Whether they are disconnected.</param>
/// <param name="Ttl">Silence after which they are.</param>
internal sealed record InactiveClientsConfig(bool Disconnect, TimeSpan Ttl)
{
    internal static InactiveClientsConfig Read(ConfigReader reader) => new(
        reader.Switch("inactive_clients.disconnect", true),
        reader.Duration("inactive_clients.ttl", TimeSpan.FromHours(6), TimeSpan.FromSeconds(1), TimeSpan.FromDays(365)));
}

/// <summary>Bounds that protect the router.</summary>
/// <param name="Connections">Client connections open at once; more are closed at once.</param>
/// <param name="TlsHandshakeTimeout">Time a client has to finish TLS.</param>
/// <param name="SmpHandshakeTimeout">Time a client has to finish the SMP handshake after TLS.</param>
/// <param name="BlockTimeout">Time that one block has to arrive whole once it began, and to be taken by a client that reads.</param>
/// <param name="StopTimeout">Time that commands in flight have to finish when the router stops.</param>
internal sealed record LimitsConfig(
    int Connections, TimeSpan TlsHandshakeTimeout, TimeSpan SmpHandshakeTimeout, TimeSpan BlockTimeout, TimeSpan StopTimeout)
{
    internal static LimitsConfig Read(ConfigReader reader) => new(
        reader.Integer("limits.connections", 100_000, 1, 10_000_000),
        reader.Duration("limits.tls_handshake_timeout", TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
        reader.Duration("limits.smp_handshake_timeout", TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
        reader.Duration("limits.block_timeout", TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        reader.Duration("limits.stop_timeout", TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)));
}

/// <summary>What is logged.</summary>
/// <param name="Level">The least severe level that is written.</param>
internal sealed record LogConfig(LogLevel Level)
{
    internal static LogConfig Read(ConfigReader reader) => new(reader.Choice("log.level", LogLevel.Information, ValueParsers.LogLevels));
}
