using SimplexActors.Protocol.Transport.Tls;

namespace SimplexActors.Nodes.Edges.Tls;

/// <summary>
/// What a connection's handler learns about TLS: through the stream it reads and writes, it knows the session id, the
/// application protocol and the client's certificates.
/// </summary>
internal interface ITlsPeerFeature
{
    /// <summary>The encrypted stream; it is closed after the handler returns.</summary>
    TlsStream Stream { get; }
}
