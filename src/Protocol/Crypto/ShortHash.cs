using SimplexActors.Protocol.Crypto.Native;

namespace SimplexActors.Protocol.Crypto;

/// <summary>SipHash-2-4: a keyed hash of 64 bits for tables. Without the key nobody finds inputs that collide, nor the input of a hash.</summary>
public static class ShortHash
{
    /// <summary>Bytes of a key.</summary>
    public const int KeyLength = 16;

    /// <summary>The hash of <paramref name="data"/>.</summary>
    public static ulong Compute(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data)
    {
        Require.Length(key, KeyLength);
        _ = Sodium.ShortHash(out ulong hash, data, (ulong)data.Length, key);
        return hash;
    }
}
