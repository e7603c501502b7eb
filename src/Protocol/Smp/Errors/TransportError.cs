namespace SimplexActors.Protocol.Smp.Errors;

/// <summary>What went wrong with a connection between routers or in a handshake (S-102).</summary>
public enum TransportError : byte
{
    /// <summary><c>BLOCK</c>: a malformed block.</summary>
    Block = 1,

    /// <summary><c>VERSION</c>: no version in common.</summary>
    Version,

    /// <summary><c>LARGE_MSG</c>: does not fit in a block.</summary>
    LargeMsg,

    /// <summary><c>SESSION</c>: another session id than the connection's.</summary>
    Session,

    /// <summary><c>NO_AUTH</c>: the router gave no session key.</summary>
    NoAuth,

    /// <summary><c>HANDSHAKE PARSE</c>: a malformed hello.</summary>
    HandshakeParse,

    /// <summary><c>HANDSHAKE IDENTITY</c>: another router than the address names.</summary>
    HandshakeIdentity,

    /// <summary><c>HANDSHAKE BAD_AUTH</c>: keys or certificates of the hello do not verify.</summary>
    HandshakeBadAuth,

    /// <summary><c>HANDSHAKE BAD_SERVICE</c>: the service record cannot be read or made.</summary>
    HandshakeBadService,
}

/// <summary>The text form of <see cref="TransportError"/>, which is also its wire form (S-102).</summary>
public static class TransportErrorText
{
    /// <summary>The text, in ASCII.</summary>
    public static ReadOnlySpan<byte> BytesOf(TransportError error) => error switch
    {
        TransportError.Block => "BLOCK"u8,
        TransportError.Version => "VERSION"u8,
        TransportError.LargeMsg => "LARGE_MSG"u8,
        TransportError.Session => "SESSION"u8,
        TransportError.NoAuth => "NO_AUTH"u8,
        TransportError.HandshakeParse => "HANDSHAKE PARSE"u8,
        TransportError.HandshakeIdentity => "HANDSHAKE IDENTITY"u8,
        TransportError.HandshakeBadAuth => "HANDSHAKE BAD_AUTH"u8,
        TransportError.HandshakeBadService => "HANDSHAKE BAD_SERVICE"u8,
        _ => throw new ArgumentOutOfRangeException(nameof(error), error, null),
    };

    /// <summary>Reads a text that is nothing but an error.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out TransportError error)
    {
        for (error = TransportError.Block; error <= TransportError.HandshakeBadService; error++)
        {
            if (text.SequenceEqual(BytesOf(error)))
            {
                return true;
            }
        }

        error = default;
        return false;
    }
}
