using SimplexActors.Protocol.Crypto.Certificates;
using SimplexActors.Protocol.Transport.Tls;

namespace SimplexActors.Nodes.Edges.Tls;

/// <summary>
/// The TLS settings of each port: the narrow set of SMP, and on the one port that browsers share the wider one that they
/// need (S-043 to S-046).
/// </summary>
internal sealed class PortContexts : IDisposable
{
    private readonly TlsContext _protocol;
    private readonly TlsContext? _shared;
    private readonly int _sharedPort;

    /// <summary>Makes the settings.</summary>
    /// <param name="credential">The router's online credential.</param>
    /// <param name="web">The credential for browsers; null when they are not served.</param>
    /// <param name="sharedPort">The TCP port that browsers use.</param>
    public PortContexts(TlsCredential credential, TlsCredential? web, int sharedPort)
    {
        _protocol = TlsContext.ForServer(new TlsServerOptions { Credential = credential });
        _shared = web is null ? null : TlsContext.ForServer(new TlsServerOptions { Credential = credential, WebCredential = web });
        _sharedPort = sharedPort;
    }

    /// <summary>The settings of a port.</summary>
    public TlsContext Of(int port) => port == _sharedPort && _shared is not null ? _shared : _protocol;

    /// <inheritdoc/>
    public void Dispose()
    {
        _protocol.Dispose();
        _shared?.Dispose();
    }
}
