using SimplexActors.Protocol.Crypto.Native;

namespace SimplexActors.Protocol.Crypto;

/// <summary>Key agreement on Curve25519 over raw keys of 32 bytes.</summary>
internal static class X25519
{
    internal const int KeyLength = 32;

    internal static void PublicOf(ReadOnlySpan<byte> privateKey, Span<byte> publicKey)
    {
        Require.Length(privateKey, KeyLength);
        Require.Length(publicKey, KeyLength);
        _ = Sodium.ScalarMultBase(publicKey, privateKey);
    }

    /// <summary>False, with <paramref name="secret"/> all zero, when the public key has a small order.</summary>
    internal static bool TryAgree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey, Span<byte> secret)
    {
        Require.Length(privateKey, KeyLength);
        Require.Length(publicKey, KeyLength);
        Require.Length(secret, KeyLength);
        if (Sodium.ScalarMult(secret, privateKey, publicKey) == 0)
        {
            return true;
        }

        secret.Clear();
        return false;
    }
}
