using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Protocol.Smp.Responses;

/// <summary><c>IDS</c>: a queue was created (S-188).</summary>
public sealed record IdsResponse(
    EntityId RecipientId,
    EntityId SenderId,
    PublicKey RouterDhKey,
    QueueMode? Mode,
    EntityId? LinkId,
    EntityId? ServiceId,
    NotifierIds? Notifier) : SmpResponse;

/// <summary>Notification part of <c>IDS</c> (v17), and the content of <c>NID</c>.</summary>
public sealed record NotifierIds(EntityId NotifierId, PublicKey RouterDhKey);

/// <summary><c>LNK</c>: link data (S-189).</summary>
public sealed record LnkResponse(EntityId SenderId, LinkData Data) : SmpResponse;

/// <summary><c>SOK</c>: subscribed; <c>OK</c> below v16 (S-190).</summary>
public sealed record SokResponse(EntityId? ServiceId) : SmpResponse
{
    /// <summary>Subscribed outside a service session.</summary>
    public static SokResponse Plain { get; } = new((EntityId?)null);
}

/// <summary><c>MSG</c>: a message for the recipient (S-192).</summary>
/// <param name="MessageId">24 bytes; also the nonce of the body.</param>
/// <param name="Encrypted">16122 bytes (S-290).</param>
public sealed record MsgResponse(EntityId MessageId, ReadOnlyMemory<byte> Encrypted) : SmpResponse;

/// <summary><c>NID</c>: notifier credentials were created (S-194).</summary>
public sealed record NidResponse(NotifierIds Notifier) : SmpResponse;

/// <summary><c>NMSG</c>: a message arrived in the queue of this notifier (S-195).</summary>
/// <param name="Nonce">24 bytes.</param>
/// <param name="EncryptedMeta">144 bytes (S-296).</param>
public sealed record NmsgResponse(ReadOnlyMemory<byte> Nonce, ReadOnlyMemory<byte> EncryptedMeta) : SmpResponse;

/// <summary><c>END</c>: another connection subscribed (S-199).</summary>
public sealed record EndResponse : SmpResponse
{
    /// <summary>The only value.</summary>
    public static EndResponse Instance { get; } = new();
}

/// <summary><c>DELD</c>: the queue was deleted; <c>END</c> below v10 (S-201).</summary>
public sealed record DeldResponse : SmpResponse
{
    /// <summary>The only value.</summary>
    public static DeldResponse Instance { get; } = new();
}

/// <summary><c>INFO</c>: JSON about a queue (S-202, S-248).</summary>
public sealed record InfoResponse(ReadOnlyMemory<byte> Json) : SmpResponse;

/// <summary><c>OK</c> (S-203).</summary>
public sealed record OkResponse : SmpResponse
{
    /// <summary>The only value.</summary>
    public static OkResponse Instance { get; } = new();
}

/// <summary><c>ERR</c> (S-204).</summary>
public sealed record ErrResponse(Errors.SmpError Error) : SmpResponse;

/// <summary><c>PONG</c> (S-205).</summary>
public sealed record PongResponse : SmpResponse
{
    /// <summary>The only value.</summary>
    public static PongResponse Instance { get; } = new();
}
