using SimplexActors.Protocol.Crypto.Certificates;

namespace SimplexActors.Protocol.Transport.Tls;

/// <summary>Application protocols of SimpleX ports (S-051).</summary>
public static class TlsAlpn
{
    /// <summary>SMP.</summary>
    public const string Smp = "smp/1";

    /// <summary>HTTP/2.</summary>
    public const string Http2 = "h2";

    /// <summary>HTTP/1.1; SMP clients offer it on port 443.</summary>
    public const string Http11 = "http/1.1";

    /// <summary>What a router accepts: the first of the client's list that is in here wins.</summary>
    public static IReadOnlyList<string> RouterProtocols { get; } = [Smp, Http2, Http11];
}

/// <summary>How a port terminates TLS.</summary>
public sealed record TlsServerOptions
{
    /// <summary>Presented to clients that send no server name.</summary>
    public required TlsCredential Credential { get; init; }

    /// <summary>Presented to clients that send any server name (S-054); null: server names are ignored.</summary>
    public TlsCredential? WebCredential { get; init; }

    /// <summary>Accepted application protocols; a client's first known one is chosen, none known ends with alert 120 (S-052).</summary>
    public IReadOnlyList<string> Protocols { get; init; } = TlsAlpn.RouterProtocols;

    /// <summary>Source of the time that client certificates are checked against.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The wider set applies exactly when the port has a web credential (S-046).</summary>
    public TlsParameterSet Parameters => WebCredential is null ? TlsParameterSet.Protocol : TlsParameterSet.SharedWithWeb;
}

/// <summary>How a client connects to routers.</summary>
public sealed record TlsClientOptions
{
    /// <summary>Offered application protocols, preferred first; empty: the extension is not sent.</summary>
    public IReadOnlyList<string> Protocols { get; init; } = [TlsAlpn.Smp];

    /// <summary>The client's certificate, for services; null: none.</summary>
    public TlsCredential? Credential { get; init; }

    /// <summary>Offers nothing newer than TLS 1.2: lets tests prove that older clients are served.</summary>
    public bool OnlyTls12 { get; init; }

    /// <summary>Source of the time that router certificates are checked against.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
