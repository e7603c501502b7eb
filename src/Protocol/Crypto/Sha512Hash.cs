using SimplexActors.Protocol.Crypto.Native;

namespace SimplexActors.Protocol.Crypto;

/// <summary>SHA-512 of bytes that lie in several places, without joining them first.</summary>
internal ref struct Sha512Hash
{
    internal const int Length = 64;

    private Sodium.Sha512State _state;

    public Sha512Hash() => _ = Sodium.Sha512Init(ref _state);

    internal void Append(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty)
        {
            _ = Sodium.Sha512Update(ref _state, bytes, (ulong)bytes.Length);
        }
    }

    internal void Finish(Span<byte> hash)
    {
        Require.Length(hash, Length);
        _ = Sodium.Sha512Final(ref _state, hash);
    }
}
