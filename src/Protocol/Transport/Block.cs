using SimplexActors.Protocol.Crypto;

namespace SimplexActors.Protocol.Transport;

/// <summary>Sizes of a transport block, in bytes. Everything between two peers travels in blocks of one length (S-104).</summary>
public static class Block
{
    /// <summary>A block on the wire.</summary>
    public const int Length = 16384;

    /// <summary>The longest content of a block that is only padded (S-105).</summary>
    public const int MaxPlainContent = Length - Padding.PrefixLength;

    /// <summary>The longest content of an encrypted block (S-109).</summary>
    public const int MaxEncryptedContent = Length - SecretBox.TagLength - Padding.PrefixLength;

    /// <summary>
    /// Room for transmissions with their lengths; the count byte and the tag are set aside whether or not the block
    /// is encrypted (S-121).
    /// </summary>
    public const int MaxTransmissions = MaxEncryptedContent - 1;

    /// <summary>Where content starts in a block that is only padded.</summary>
    internal const int PlainStart = Padding.PrefixLength;

    /// <summary>Where content starts in an encrypted block.</summary>
    internal const int EncryptedStart = SecretBox.TagLength + Padding.PrefixLength;
}
