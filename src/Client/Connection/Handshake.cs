using System.Security.Cryptography;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Transport;
using SimplexActors.Protocol.Transport.Forwarding;

namespace SimplexActors.Client.Connection;

/// <summary>
/// The client's side of the SMP handshake (section 5 of the specification). The router speaks first: its versions,
/// the session id that must be that of our TLS session, and a session key that the key of its TLS certificate signed. The
/// client answers with the version it chose, the router it means and its own session key; then both encrypt blocks.
/// </summary>
/// <param name="router">Whom the client means.</param>
/// <param name="tls">What TLS found out about the peer.</param>
/// <param name="options">Versions to choose from.</param>
internal sealed class Handshake(RouterAddress router, TlsPeer tls, SmpClientOptions options) : IDisposable
{
    private const int MinChainLength = 2;
    private const int MaxChainLength = 4;
    private const int IdentityIndex = 1;

    private ServerHello? _hello;
    private VersionRange _common;
    private PrivateKey? _sessionKey;
    private PrivateKey? _serviceKey;
    private ClientService? _service;

    private ushort Version => _common.Max;

    /// <summary>True when the router's answer to the service comes before anything else.</summary>
    public bool AwaitsService => _serviceKey is not null;

    /// <summary>Judges the router's hello.</summary>
    /// <param name="block">The first block, 16384 bytes.</param>
    /// <returns>Null when the handshake may go on.</returns>
    public ConnectProblem? Take(ReadOnlyMemory<byte> block)
    {
        if (!Padding.TryUnpad(block.Span, out int length)
            || ServerHello.TryParse(block.Span.Slice(Padding.PrefixLength, length)) is not { } hello)
        {
            return ConnectProblem.Handshake;
        }

        if (!hello.SessionId.Span.SequenceEqual(tls.SessionId.Span))
        {
            return ConnectProblem.Session;
        }

        if (hello.Versions.Intersect(OwnVersions(hello.Versions)) is not { } common)
        {
            return ConnectProblem.Version;
        }

        _hello = hello;
        _common = common;
        return Version < SmpVersion.CommandAuthenticators || Verifies(hello.Key) ? null
            : hello.Key is null ? ConnectProblem.NoKey
            : ConnectProblem.BadKey;
    }

    /// <summary>Writes the client's hello.</summary>
    /// <param name="block">The block to send, 16384 bytes.</param>
    public void Answer(Span<byte> block)
    {
        bool sendsKey = Version >= SmpVersion.CommandAuthenticators && options.SendSessionKey;
        _sessionKey = sendsKey ? PrivateKey.Generate(KeyAlgorithm.X25519) : null;
        var hello = new ClientHello(Version, router.Fingerprint.ToArray(), _sessionKey?.Public, options.ProxyServer, ServiceHello());
        using var encoder = new BlockEncoder();
        var writer = new WireWriter(encoder.ContentOf(block));
        hello.Write(ref writer);
        encoder.Encode(block, writer.Length);
    }

    /// <summary>Judges the router's answer to a service (S-099).</summary>
    /// <param name="block">The third block, 16384 bytes.</param>
    /// <returns>Null when the router knows the service.</returns>
    public ConnectProblem? TakeService(ReadOnlyMemory<byte> block)
    {
        ServiceResponse? response = Padding.TryUnpad(block.Span, out int length)
            ? ServiceResponse.TryParse(block.Span.Slice(Padding.PrefixLength, length))
            : null;
        switch (response)
        {
            case ServiceResponse.Accepted accepted:
                _service = new ClientService(accepted.ServiceId, options.Service!, _serviceKey!);
                return null;
            case ServiceResponse.Refused { Error: TransportError.HandshakeBadAuth }:
                return ConnectProblem.ServiceNotAuthorised;
            case ServiceResponse.Refused:
                return ConnectProblem.ServiceRefused;
            default:
                return ConnectProblem.Handshake;
        }
    }

    /// <summary>Wipes the keys of a handshake that failed.</summary>
    public void Dispose()
    {
        _sessionKey?.Dispose();
        _serviceKey?.Dispose();
    }

    /// <summary>The session that was agreed on; null when the router's key is not usable.</summary>
    public Session? Finish()
    {
        using PrivateKey? sessionKey = _sessionKey;
        var format = new TransmissionFormat(Version, tls.SessionId.Span);
        PublicKey? routerKey = Version >= SmpVersion.CommandAuthenticators ? _hello!.Key?.Signed.Key : null;
        Session? session = null;
        bool saidProxy = options.ProxyServer && Version >= SmpVersion.ProxyFlag;
        if (!BlockEncryption.IsActive(Version, sessionKey is not null, saidProxy))
        {
            session = new Session(format, _hello!.Versions, routerKey, new BlockEncoder(), new BlockDecoder());
        }
        else if (BlockEncryption.TryStart(SessionRole.Client, tls.SessionId.Span, sessionKey!, routerKey!) is var (encoder, decoder))
        {
            session = new Session(format, _hello!.Versions, routerKey, encoder, decoder);
        }

        return session is null ? null : session with
        {
            Relay = options.ProxyServer ? AsRelay(sessionKey, routerKey) : null,
            Service = _service,
        };
    }

    /// <summary>The service with a key for this session, signed by its certificate; null where it cannot be said (S-100).</summary>
    private ServiceHello? ServiceHello()
    {
        if (options.Service is not { } login
            || Version < (login.Role is ServiceRole.Messaging ? SmpVersion.ServiceQueues : SmpVersion.ClientServices))
        {
            return null;
        }

        _serviceKey = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        return new ServiceHello(login.Role, new CertifiedKey(
            [.. login.Credentials.Certificate.Chain.Select(der => (ReadOnlyMemory<byte>)der)],
            SignedKey.Sign(_serviceKey.Public, login.Credentials.SigningKey)));
    }

    /// <summary>What a proxy keeps of the handshake; null when there were no keys.</summary>
    private RelayCredential? AsRelay(PrivateKey? sessionKey, PublicKey? routerKey) =>
        sessionKey is not null && routerKey is not null && ProxySecret.TryAgree(sessionKey, routerKey) is { } secret
            ? new RelayCredential(_common, _hello!.Key!, secret)
            : null;

    /// <summary>
    /// What this side speaks with that router. A proxy keeps to v10 with relays that cannot be told that it is one, as they
    /// would encrypt blocks, and forwarded commands would not fit (S-103).
    /// </summary>
    private VersionRange OwnVersions(VersionRange routers) =>
        options.ProxyServer && routers.Max < SmpVersion.ProxyFlag
            ? new(options.MinVersion, Math.Max(options.MinVersion, SmpVersion.DeletedEvent))
            : new(options.MinVersion, options.MaxVersion);

    /// <summary>
    /// The chain in the hello must have the expected identity, and the key of the TLS certificate must have signed the
    /// session key (S-069).
    /// </summary>
    private bool Verifies(CertifiedKey? key)
    {
        if (key is null || key.Chain.Length is < MinChainLength or > MaxChainLength)
        {
            return false;
        }

        Span<byte> identity = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(key.Chain[IdentityIndex].Span, identity);
        return identity.SequenceEqual(router.Fingerprint.Bytes) && key.Signed.IsSignedBy(tls.LeafKey);
    }
}

/// <summary>What TLS knows about the router.</summary>
/// <param name="SessionId">The client's Finished message (S-085).</param>
/// <param name="LeafKey">Of the router's certificate.</param>
internal sealed record TlsPeer(ReadOnlyMemory<byte> SessionId, PublicKey LeafKey);

/// <summary>What a handshake agreed on.</summary>
/// <param name="Format">Of transmissions.</param>
/// <param name="RouterVersions">As offered.</param>
/// <param name="RouterKey">The router's session key; null in v6.</param>
/// <param name="Encoder">Of blocks to send.</param>
/// <param name="Decoder">Of received blocks.</param>
internal sealed record Session(
    TransmissionFormat Format, VersionRange RouterVersions, PublicKey? RouterKey, BlockEncoder Encoder, BlockDecoder Decoder)
{
    /// <summary>What a proxy keeps; null for other clients, and when there were no keys.</summary>
    public RelayCredential? Relay { get; init; }

    /// <summary>The service; null for other clients, and with old routers.</summary>
    public ClientService? Service { get; init; }
}
