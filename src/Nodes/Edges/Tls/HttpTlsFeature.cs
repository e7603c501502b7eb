using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using SimplexActors.Protocol.Transport.Tls;

namespace SimplexActors.Nodes.Edges.Tls;

/// <summary>
/// Tells Kestrel's HTTP server that it serves https and which version. Kestrel knows only its own two
/// application protocols: with any other one HTTP/1.1 is spoken, as to a client that offered none.
/// </summary>
internal sealed class HttpTlsFeature(TlsStream stream) : ITlsConnectionFeature, ITlsApplicationProtocolFeature
{
    /// <inheritdoc/>
    public X509Certificate2? ClientCertificate
    {
        get => null;
        set => throw new NotSupportedException("Browsers are not asked for certificates.");
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> ApplicationProtocol { get; } =
        stream.ApplicationProtocol == TlsAlpn.Http2 ? "h2"u8.ToArray() : "http/1.1"u8.ToArray();

    /// <inheritdoc/>
    public Task<X509Certificate2?> GetClientCertificateAsync(CancellationToken cancellationToken) => Task.FromResult<X509Certificate2?>(null);
}
