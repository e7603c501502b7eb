using System.Net;
using System.Net.Sockets;

namespace SimplexActors.Nodes.Edges.Smp.Proxy;

/// <summary>
/// Which addresses clients may have this router connect to: those that anybody can reach from the internet. Everything
/// else - this machine, its networks, what is reserved - is out of their reach, and stays so (S-489).
/// </summary>
internal static class TargetRules
{
    private static readonly IPNetwork[] NotPublic =
    [
        .. ((string[])
        [
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
            "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
            "224.0.0.0/4", "240.0.0.0/4",
            "::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16",
            "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        ]).Select(IPNetwork.Parse),
    ];

    // Addresses of IPv6 that carry one of IPv4, and where in them, beside the mapped ones: what is reached is that one.
    private static readonly (IPNetwork Network, int Start)[] Carriers =
    [
        (IPNetwork.Parse("64:ff9b::/96"), 12), (IPNetwork.Parse("2002::/16"), 2),
    ];

    /// <summary>True for an address that clients may reach through this router.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return IsPublic(address.MapToIPv4());
        }

        if (address.AddressFamily is AddressFamily.InterNetworkV6)
        {
            // A zone names a network of this machine.
            if (address.ScopeId != 0)
            {
                return false;
            }

            foreach ((IPNetwork network, int start) in Carriers)
            {
                if (network.Contains(address))
                {
                    return IsPublic(new IPAddress(address.GetAddressBytes().AsSpan(start, 4)));
                }
            }
        }

        return !Array.Exists(NotPublic, network => network.Contains(address));
    }
}
