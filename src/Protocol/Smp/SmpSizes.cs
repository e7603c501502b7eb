namespace SimplexActors.Protocol.Smp;

/// <summary>Sizes of what commands and responses carry; those of blocks stand with <see cref="Transport.Block"/>.</summary>
public static class SmpSizes
{
    /// <summary>A <c>SEND</c> body from v11 (S-276).</summary>
    public const int MaxBodyBytes = 16048;

    /// <summary>A <c>SEND</c> body in v8 to v10 (S-276).</summary>
    public const int MaxBodyBytesProxy = 16064;

    /// <summary>A <c>SEND</c> body in v6 and v7 (S-276).</summary>
    public const int MaxBodyBytesLowest = 16088;

    /// <summary>The encrypted body of <c>MSG</c>, whatever the version (S-192, S-290).</summary>
    public const int EncryptedBodyBytes = 16122;

    /// <summary>The nonce of <c>NMSG</c> (S-018, S-195).</summary>
    public const int NonceBytes = 24;

    /// <summary>The encrypted metadata of <c>NMSG</c> (S-195).</summary>
    public const int EncryptedNotificationBytes = 144;

    /// <summary>The hash over the ids of a service's queues (S-023).</summary>
    public const int IdsHashBytes = 16;

    /// <summary>A name to resolve (S-364).</summary>
    public const int MaxNameBytes = 253;

    /// <summary>One label of a name to resolve (S-364).</summary>
    public const int MaxNameLabelBytes = 63;

    /// <summary>The JSON of <c>RNAME</c> in bytes; it fits a block, and the layers of a forwarded answer, in every version.</summary>
    public const int MaxNameRecordBytes = 16048;

    /// <summary>Errors within proxy errors that are still read; one proxy adds one level (S-212).</summary>
    public const int MaxErrorDepthLevels = 8;

    /// <summary>Largest <c>SEND</c> body for a connection or forwarded command of <paramref name="version"/> (S-276).</summary>
    public static int MaxBody(ushort version) => version switch
    {
        >= SmpVersion.BlockEncryption => MaxBodyBytes,
        >= SmpVersion.Proxy => MaxBodyBytesProxy,
        _ => MaxBodyBytesLowest,
    };
}
