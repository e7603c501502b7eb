using System.Buffers.Binary;

namespace SimplexActors.Actors.Cluster.Links;

/// <summary>
/// What both ends of a new connection say first, at the same time:
/// <code>
/// hello = magic(8) length(2) minVersion(2) maxVersion(2) self(8) dialled(8) shards(4) window(4) posted(8) clusterLength(1) cluster
/// </code>
/// Numbers are big-endian. Its layout is the same in all versions; a later one may append fields, which are not read here.
/// </summary>
internal sealed record LinkHello
{
    /// <summary>Bytes before the part whose length is told.</summary>
    public const int HeadBytes = 10;

    private const int FixedBytes = 37;

    /// <summary>Versions that the sender speaks.</summary>
    public required LinkVersions Versions { get; init; }

    /// <summary>The sender.</summary>
    public required NodeNumber Self { get; init; }

    /// <summary>Whom the sender dialled; none from the node that was dialled.</summary>
    public required NodeNumber Dialled { get; init; }

    /// <summary>Shards of the sender's cluster.</summary>
    public required int ShardCount { get; init; }

    /// <summary>Bytes that a stream may hold at the sender of this hello.</summary>
    public required int StreamWindowBytes { get; init; }

    /// <summary>Bytes of posted messages that the sender of this hello takes.</summary>
    public required long PostedBytes { get; init; }

    /// <summary>The sender's cluster.</summary>
    public required ReadOnlyMemory<byte> Cluster { get; init; }

    private static ReadOnlySpan<byte> Magic => "SXNODES\n"u8;

    /// <summary>The hello as it is sent.</summary>
    public byte[] Encode()
    {
        byte[] bytes = new byte[HeadBytes + FixedBytes + Cluster.Length];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(8), (ushort)(bytes.Length - HeadBytes));
        Span<byte> rest = bytes.AsSpan(HeadBytes);
        BinaryPrimitives.WriteUInt16BigEndian(rest, Versions.Min);
        BinaryPrimitives.WriteUInt16BigEndian(rest[2..], Versions.Max);
        BinaryPrimitives.WriteInt64BigEndian(rest[4..], Self.Value);
        BinaryPrimitives.WriteInt64BigEndian(rest[12..], Dialled.Value);
        BinaryPrimitives.WriteInt32BigEndian(rest[20..], ShardCount);
        BinaryPrimitives.WriteInt32BigEndian(rest[24..], StreamWindowBytes);
        BinaryPrimitives.WriteInt64BigEndian(rest[28..], PostedBytes);
        rest[36] = (byte)Cluster.Length;
        Cluster.Span.CopyTo(rest[FixedBytes..]);
        return bytes;
    }

    /// <summary>Bytes that follow the head; null when this is no hello of a node.</summary>
    public static int? LengthAfter(ReadOnlySpan<byte> head)
    {
        int length = BinaryPrimitives.ReadUInt16BigEndian(head[8..]);
        return head.StartsWith(Magic) && length is >= FixedBytes and <= LinkLimits.HelloBytes ? length : null;
    }

    /// <summary>Reads what followed the head; null when it makes no sense.</summary>
    public static LinkHello? TryDecode(ReadOnlySpan<byte> rest)
    {
        if (rest.Length < FixedBytes || rest.Length < FixedBytes + rest[36])
        {
            return null;
        }

        var hello = new LinkHello
        {
            Versions = new LinkVersions(BinaryPrimitives.ReadUInt16BigEndian(rest), BinaryPrimitives.ReadUInt16BigEndian(rest[2..])),
            Self = new NodeNumber(BinaryPrimitives.ReadInt64BigEndian(rest[4..])),
            Dialled = new NodeNumber(BinaryPrimitives.ReadInt64BigEndian(rest[12..])),
            ShardCount = BinaryPrimitives.ReadInt32BigEndian(rest[20..]),
            StreamWindowBytes = BinaryPrimitives.ReadInt32BigEndian(rest[24..]),
            PostedBytes = BinaryPrimitives.ReadInt64BigEndian(rest[28..]),
            Cluster = rest.Slice(FixedBytes, rest[36]).ToArray(),
        };
        bool sensible = hello.Versions.Min <= hello.Versions.Max && !hello.Self.IsNone && hello.StreamWindowBytes > 0 && hello.PostedBytes > 0;
        return sensible ? hello : null;
    }
}
