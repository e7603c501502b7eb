using SimplexActors.Protocol.Crypto;

namespace SimplexActors.Protocol.Transport;

/// <summary>
/// What an authorization covers (S-118, S-135), in the up to three places where it lies: the service's fingerprint,
/// the session id that is not sent, and the transmission after its authorization.
/// </summary>
public readonly ref struct AuthorisedBytes
{
    private readonly ReadOnlySpan<byte> _fingerprint;
    private readonly ReadOnlySpan<byte> _session;
    private readonly ReadOnlySpan<byte> _body;

    internal AuthorisedBytes(ReadOnlySpan<byte> fingerprint, ReadOnlySpan<byte> session, ReadOnlySpan<byte> body)
    {
        _fingerprint = fingerprint;
        _session = session;
        _body = body;
    }

    /// <summary>Number of bytes in all.</summary>
    public int Length => _fingerprint.Length + _session.Length + _body.Length;

    /// <summary>Joins the parts, for signatures, which cannot be made of parts.</summary>
    /// <param name="destination">At least <see cref="Length"/> bytes.</param>
    public void CopyTo(Span<byte> destination)
    {
        _fingerprint.CopyTo(destination);
        _session.CopyTo(destination[_fingerprint.Length..]);
        _body.CopyTo(destination[(_fingerprint.Length + _session.Length)..]);
    }

    /// <summary>SHA-512 of the whole, for authenticators.</summary>
    internal void Hash(Span<byte> hash)
    {
        var sha512 = new Sha512Hash();
        sha512.Append(_fingerprint);
        sha512.Append(_session);
        sha512.Append(_body);
        sha512.Finish(hash);
    }
}
