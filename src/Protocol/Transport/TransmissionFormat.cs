using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Protocol.Transport;

/// <summary>What a session fixes about its transmissions (S-114 to S-118). Immutable; shared by both directions.</summary>
public sealed class TransmissionFormat
{
    private readonly byte[] _prefix;

    /// <summary>Fixes the format once version and session id are known.</summary>
    /// <param name="version">The agreed version.</param>
    /// <param name="sessionId">The TLS session's id; at most 255 bytes.</param>
    public TransmissionFormat(ushort version, ReadOnlySpan<byte> sessionId)
    {
        Version = version;
        SendsSessionId = version < SmpVersion.CommandAuthenticators;
        _prefix = new byte[1 + sessionId.Length];
        new WireWriter(_prefix).WriteShort(sessionId);
    }

    private TransmissionFormat(TransmissionFormat session, ushort version) =>
        (_prefix, SendsSessionId, Version) = (session._prefix, session.SendsSessionId, version);

    /// <summary>The agreed version.</summary>
    public ushort Version { get; }

    /// <summary>The TLS session's id.</summary>
    public ReadOnlySpan<byte> SessionId => _prefix.AsSpan(1);

    /// <summary>v6: every transmission carries the session id (S-117).</summary>
    internal bool SendsSessionId { get; }

    /// <summary>v16: an authorization is followed by the service's (S-115).</summary>
    internal bool SendsServiceSignature => Version >= SmpVersion.ClientServices;

    /// <summary>The session id as a short string; it starts what is authorised.</summary>
    internal ReadOnlySpan<byte> SessionPrefix => _prefix;

    /// <summary>
    /// The format of a forwarded command in this session: the session id is sent or not as in the session itself,
    /// everything else is as in the command's version (S-349).
    /// </summary>
    public TransmissionFormat Forwarded(ushort version) => new(this, version);

    /// <summary>The bytes that the authorization of <paramref name="transmission"/> covers. The caller disposes them.</summary>
    /// <param name="transmission">One that was read without a fault.</param>
    /// <param name="serviceFingerprint">
    /// For the queue's key in a service session: SHA-256 of the service's identity certificate (S-135). Else empty.
    /// </param>
    public AuthorisedBytes Authorised(in Transmission transmission, ReadOnlySpan<byte> serviceFingerprint = default) =>
        Authorised(transmission.Body.Span, serviceFingerprint);

    /// <summary>The bytes to authorise before a transmission with this body is sent.</summary>
    internal AuthorisedBytes Authorised(ReadOnlySpan<byte> body, ReadOnlySpan<byte> serviceFingerprint) =>
        new(serviceFingerprint, SendsSessionId ? default : _prefix, body);
}
