using SimplexActors.Protocol.Crypto;

namespace SimplexActors.Protocol.Transport;

/// <summary>
/// Judges the authorization of commands (section 8 of the specification). A provided authorization costs at least one
/// verification of its own scheme, whatever the router knows of the queue: a wrong key, a key of another type, a
/// missing key and a missing queue all take the same time (S-136 to S-140). No authorization costs nothing (S-137).
/// Immutable: the commands of a block may be judged in parallel.
/// </summary>
/// <param name="format">The session's format.</param>
/// <param name="sessionKey">The router's X25519 session key; null when the hello had none. Stays the caller's.</param>
public sealed class Authorisation(TransmissionFormat format, PrivateKey? sessionKey)
{
    private static readonly PublicKey DummyEd25519 = Constant("MCowBQYDK2VwAyEA139Oqs4QgpqbAmB0o7rZf6T19ryl7E65k4AYe0kE3Qs=");
    private static readonly PublicKey DummyEd448 = Constant("MEMwBQYDK2VxAzoA6ibQc9XpkSLtwrf7PLvp81qW/etiumckVFImCMRdftcG/XopbOSaq9qyLhrgJWKOLyNrQPNVvpMA");
    private static readonly PublicKey DummyX25519 = Constant("MCowBQYDK2VuAyEA4JGSMYht18H4mas/jHeBwfcM7jLwNYJNOAhi2/g4RXg=");

    /// <summary>The scheme of an authorization of <paramref name="length"/> bytes; null when none has that length (S-116).</summary>
    public static AuthorisationScheme? SchemeOf(int length) => length switch
    {
        0 => AuthorisationScheme.None,
        Signature.Ed25519Length => AuthorisationScheme.Ed25519,
        Authenticator.Length => AuthorisationScheme.X25519,
        Signature.Ed448Length => AuthorisationScheme.Ed448,
        _ => null,
    };

    /// <summary>True when one of <paramref name="candidates"/> authorised the command (S-141).</summary>
    /// <param name="transmission">One that was read without a fault.</param>
    /// <param name="candidates">
    /// Keys that may authorise the command. Empty when there is no such queue, or when the command must not be
    /// authorised; the work is done all the same.
    /// </param>
    /// <param name="known">
    /// What an earlier command of this connection agreed with a candidate. Replaced after a success, and only then:
    /// a wrong authorization for a queue that this connection never proved to own must cost the full agreement.
    /// </param>
    /// <param name="serviceFingerprint">In a service session, for <c>NEW</c>, <c>SUB</c> and <c>NSUB</c> (S-135); else empty.</param>
    public bool Verify(
        in Transmission transmission, ReadOnlySpan<PublicKey> candidates, ref QueueSecret known, ReadOnlySpan<byte> serviceFingerprint = default)
    {
        ReadOnlySpan<byte> authorization = transmission.Authorization.Span;
        if (authorization.IsEmpty)
        {
            return false;
        }

        using AuthorisedBytes authorised = format.Authorised(transmission, serviceFingerprint);
        ReadOnlySpan<byte> message = authorised.Bytes;
        return SchemeOf(authorization.Length) switch
        {
            AuthorisationScheme.Ed25519 => VerifySignature(candidates, DummyEd25519, message, authorization),
            AuthorisationScheme.Ed448 => VerifySignature(candidates, DummyEd448, message, authorization),
            AuthorisationScheme.X25519 => VerifyAuthenticator(transmission, candidates, message, ref known),
            _ => false,
        };
    }

    /// <summary>As the other, for commands that come once per queue.</summary>
    public bool Verify(in Transmission transmission, ReadOnlySpan<PublicKey> candidates, ReadOnlySpan<byte> serviceFingerprint = default)
    {
        QueueSecret known = default;
        bool verified = Verify(transmission, candidates, ref known, serviceFingerprint);
        known.Clear();
        return verified;
    }

    /// <summary>True when the service signed the command beside the queue's key (S-135).</summary>
    /// <param name="transmission">One that was read without a fault.</param>
    /// <param name="serviceKey">The Ed25519 key of the service's hello.</param>
    public bool VerifyService(in Transmission transmission, PublicKey serviceKey)
    {
        if (transmission.ServiceSignature.IsEmpty)
        {
            return false;
        }

        using AuthorisedBytes authorised = format.Authorised(transmission);
        return Signature.Verify(serviceKey, authorised.Bytes, transmission.ServiceSignature.Span);
    }

    // Without a key of the signature's algorithm, the dummy's takes the time that a wrong key would.
    private static bool VerifySignature(ReadOnlySpan<PublicKey> candidates, PublicKey dummy, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        bool tried = false;
        foreach (PublicKey candidate in candidates)
        {
            if (candidate.Algorithm != dummy.Algorithm)
            {
                continue;
            }

            tried = true;
            if (Signature.Verify(candidate, message, signature))
            {
                return true;
            }
        }

        if (!tried)
        {
            _ = Signature.Verify(dummy, message, signature);
        }

        return false;
    }

    private bool VerifyAuthenticator(
        in Transmission transmission, ReadOnlySpan<PublicKey> candidates, ReadOnlySpan<byte> message, ref QueueSecret known)
    {
        if (sessionKey is null)
        {
            return false;
        }

        Span<byte> nonce = stackalloc byte[SecretBox.NonceLength];
        SecretBox.NonceFrom(transmission.CorrelationBytes, nonce);
        ReadOnlySpan<byte> authenticator = transmission.Authorization.Span;

        bool tried = known.Key is not null && candidates.Contains(known.Key);
        if (tried && Authenticator.Verify(known.Agreed, nonce, message, authenticator))
        {
            return true;
        }

        foreach (PublicKey candidate in candidates)
        {
            if (candidate.Algorithm is not KeyAlgorithm.X25519 || candidate.Equals(known.Key)
                || !BoxKey.TryAgree(sessionKey, candidate, out BoxKey agreed))
            {
                continue;
            }

            tried = true;
            if (Authenticator.Verify(agreed, nonce, message, authenticator))
            {
                known = new QueueSecret(candidate, agreed);
                return true;
            }
        }

        if (!tried)
        {
            _ = BoxKey.TryAgree(sessionKey, DummyX25519, out BoxKey agreed) && Authenticator.Verify(agreed, nonce, message, authenticator);
        }

        return false;
    }

    private static PublicKey Constant(string spki) => PublicKey.TryDecode(Convert.FromBase64String(spki))!;
}

/// <summary>How a command is authorised; the length of the authorization says it (S-116).</summary>
public enum AuthorisationScheme : byte
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>A signature of 64 bytes.</summary>
    Ed25519,

    /// <summary>A signature of 114 bytes.</summary>
    Ed448,

    /// <summary>An authenticator of 80 bytes.</summary>
    X25519,
}
