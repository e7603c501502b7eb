using System.Net;

namespace SimplexActors.Nodes.Configuration;

/// <summary>Where machines ask whether this router works: a load balancer, Kubernetes.</summary>
/// <param name="Port">TCP port of HTTP; 0: there is none.</param>
/// <param name="Bind">Addresses to listen on; empty means all of them, IPv6 and IPv4.</param>
internal sealed record HealthConfig(int Port, IReadOnlyList<IPAddress> Bind)
{
    internal static HealthConfig Read(ConfigReader reader, IReadOnlyList<int> otherPorts)
    {
        var config = new HealthConfig(
            reader.Integer("health.port", 0, 0, ushort.MaxValue),
            reader.List("health.bind", [IPAddress.Loopback], ValueParsers.Address));
        if (config.Port != 0 && otherPorts.Contains(config.Port))
        {
            reader.Report($"health.port = {config.Port}: must not be one of smp.ports, control.port or cluster.link_port");
        }

        return config;
    }
}
