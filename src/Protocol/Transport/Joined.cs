using System.Buffers;
using SimplexActors.Protocol.Crypto;

namespace SimplexActors.Protocol.Transport;

/// <summary>Signatures over <see cref="AuthorisedBytes"/>, which have to lie in one piece for them.</summary>
internal static class Joined
{
    internal static void Sign(PrivateKey key, in AuthorisedBytes message, Span<byte> signature)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(message.Length);
        message.CopyTo(rented);
        key.Sign(rented.AsSpan(0, message.Length), signature);
        ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>True when one of the keys of the signature's algorithm made it; without such a key, <paramref name="dummy"/> is tried.</summary>
    internal static bool Verify(ReadOnlySpan<PublicKey> candidates, PublicKey dummy, in AuthorisedBytes message, ReadOnlySpan<byte> signature)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(message.Length);
        message.CopyTo(rented);
        ReadOnlySpan<byte> joined = rented.AsSpan(0, message.Length);
        bool tried = false;
        bool verified = false;
        foreach (PublicKey candidate in candidates)
        {
            if (candidate.Algorithm == dummy.Algorithm && !verified)
            {
                tried = true;
                verified = Signature.Verify(candidate, joined, signature);
            }
        }

        if (!tried)
        {
            _ = Signature.Verify(dummy, joined, signature);
        }

        ArrayPool<byte>.Shared.Return(rented);
        return verified;
    }
}
