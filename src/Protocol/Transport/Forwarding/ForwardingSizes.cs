using SimplexActors.Protocol.Crypto;

namespace SimplexActors.Protocol.Transport.Forwarding;

/// <summary>Sizes of what travels between a client and a relay through a proxy, in bytes (S-345, S-350).</summary>
public static class ForwardingSizes
{
    /// <summary>A padded batch, before it is encrypted; all have this size, so that a proxy learns nothing from it.</summary>
    public const int Padded = 16226;

    /// <summary>An encrypted batch.</summary>
    public const int Encrypted = SecretBox.TagLength + Padded;

    /// <summary>The longest batch: a count byte and one transmission with its length (S-132, S-307, S-351).</summary>
    public const int MaxBatch = Padded - Padding.PrefixLength;
}
