using SimplexActors.Protocol.Crypto.Certificates;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Transport.Tls;

namespace SimplexActors.Client;

/// <summary>How a client connects and waits.</summary>
public sealed record SmpClientOptions
{
    /// <summary>Port of addresses that name none (C-075).</summary>
    public const ushort DefaultPort = 5223;

    /// <summary>Lowest protocol version to agree on.</summary>
    public ushort MinVersion { get; init; } = SmpVersion.Lowest;

    /// <summary>Highest protocol version to agree on.</summary>
    public ushort MaxVersion { get; init; } = SmpVersion.Current;

    /// <summary>Limit of name resolution, TCP, TLS and both hellos together.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Limit of waiting for a command's answer, from the call on. Looked at four times per limit, so a command fails
    /// after one to one and a quarter of it.
    /// </summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Events that may wait for the application. While as many wait and no command waits for its answer, the client
    /// does not read the connection, so the router holds the rest back. (While a command waits it goes on reading:
    /// the answer comes behind the events.)
    /// </summary>
    public int EventCapacity { get; init; } = 1024;

    /// <summary>Application protocols offered in TLS; without one, routers speak v6 only (S-053).</summary>
    public IReadOnlyList<string> ApplicationProtocols { get; init; } = [TlsAlpn.Smp];

    /// <summary>A certificate to present in TLS; null: that of the service, or none.</summary>
    public TlsCredential? Certificate { get; init; }

    /// <summary>
    /// Connects as a service (S-100): with routers from v16 on, for messages from v19 on; with older ones the connection
    /// is an ordinary one.
    /// </summary>
    public ServiceLogin? Service { get; init; }

    /// <summary>Offers TLS 1.2 alone, as old clients do.</summary>
    public bool OnlyTls12 { get; init; }

    /// <summary>
    /// Sends the client's session key, and so encrypts blocks from v11 on (S-106). Without it commands can still be authorised
    /// with X25519 keys.
    /// </summary>
    public bool SendSessionKey { get; init; } = true;

    /// <summary>
    /// Says that the client is a proxy: blocks are then not encrypted, because what it forwards is, and fills them (S-103).
    /// </summary>
    public bool ProxyServer { get; init; }

    /// <summary>Makes the TCP connection; null: tries the hosts of the address in order.</summary>
    public RouterDialer? Dial { get; init; }

    /// <summary>The clock of time-outs and certificate validity.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
