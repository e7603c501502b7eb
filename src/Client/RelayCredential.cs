using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Transport;
using SimplexActors.Protocol.Transport.Forwarding;

namespace SimplexActors.Client;

/// <summary>What a proxy keeps of the handshake with a relay.</summary>
/// <param name="Versions">Of both, after the proxy's own cap (S-072, S-103).</param>
/// <param name="Key">The relay's chain and signed session key, as received (S-342).</param>
/// <param name="Secret">For the layer between proxy and relay; disposed with the connection.</param>
public sealed record RelayCredential(VersionRange Versions, CertifiedKey Key, ProxySecret Secret);
