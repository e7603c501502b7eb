using System.Buffers;
using System.Security.Cryptography;

namespace SimplexActors.Protocol.Transport;

/// <summary>
/// What an authorization covers (S-118, S-135), joined from the up to three places where it lies: the service's
/// fingerprint, the session id that is not sent, and the transmission after its authorization. Signatures need one
/// piece, and joining costs far less than hashing. A command may hold a password, so Dispose wipes the memory.
/// </summary>
public readonly ref struct AuthorisedBytes : IDisposable
{
    private readonly byte[] _rented;
    private readonly int _length;

    internal AuthorisedBytes(ReadOnlySpan<byte> fingerprint, ReadOnlySpan<byte> session, ReadOnlySpan<byte> body)
    {
        _length = fingerprint.Length + session.Length + body.Length;
        _rented = ArrayPool<byte>.Shared.Rent(_length);
        fingerprint.CopyTo(_rented);
        session.CopyTo(_rented.AsSpan(fingerprint.Length));
        body.CopyTo(_rented.AsSpan(fingerprint.Length + session.Length));
    }

    /// <summary>The bytes, until <see cref="Dispose"/>.</summary>
    public ReadOnlySpan<byte> Bytes => _rented.AsSpan(0, _length);

    /// <summary>Wipes and returns the memory.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_rented.AsSpan(0, _length));
        ArrayPool<byte>.Shared.Return(_rented);
    }
}
