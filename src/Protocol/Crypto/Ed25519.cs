using SimplexActors.Protocol.Crypto.Native;

namespace SimplexActors.Protocol.Crypto;

/// <summary>Pure Ed25519 over raw keys. libsodium's private key is the seed followed by the public key.</summary>
internal static class Ed25519
{
    internal const int PublicKeyLength = 32;
    internal const int SeedLength = 32;
    internal const int ExpandedLength = 64;

    internal static void Expand(ReadOnlySpan<byte> seed, Span<byte> publicKey, Span<byte> expanded)
    {
        Require.Length(seed, SeedLength);
        Require.Length(publicKey, PublicKeyLength);
        Require.Length(expanded, ExpandedLength);
        _ = Sodium.SignSeedKeyPair(publicKey, expanded, seed);
    }

    internal static void Sign(ReadOnlySpan<byte> expanded, ReadOnlySpan<byte> message, Span<byte> signature)
    {
        Require.Length(expanded, ExpandedLength);
        Require.Length(signature, Signature.Ed25519Length);
        _ = Sodium.SignDetached(signature, IntPtr.Zero, message, (ulong)message.Length, expanded);
    }

    internal static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        Require.Length(publicKey, PublicKeyLength);
        Require.Length(signature, Signature.Ed25519Length);
        return Sodium.VerifyDetached(signature, message, (ulong)message.Length, publicKey) == 0;
    }
}
