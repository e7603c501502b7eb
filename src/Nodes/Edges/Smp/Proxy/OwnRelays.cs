using SimplexActors.Protocol.Addresses;

namespace SimplexActors.Nodes.Edges.Smp.Proxy;

/// <summary>Which relays belong to this router's operator; it is served like any other, but counted apart (S-341, S-356).</summary>
/// <param name="domains">The operator's domains.</param>
internal sealed class OwnRelays(IReadOnlyList<string> domains)
{
    /// <summary>True when the first host is one of the domains or below one.</summary>
    public bool Contains(RouterAddress relay)
    {
        string host = relay.Hosts[0].Name;
        return domains.Any(domain => host.Equals(domain, StringComparison.OrdinalIgnoreCase)
            || host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase));
    }
}
