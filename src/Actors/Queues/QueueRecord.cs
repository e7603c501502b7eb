using System.Collections.Immutable;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;

namespace SimplexActors.Actors.Queues;

/// <summary>What is stored of a queue, without its messages and link blobs (S-233, S-372).</summary>
public sealed record QueueRecord
{
    /// <summary>Names the queue to its recipient; the queue's key in the store.</summary>
    public required EntityId RecipientId { get; init; }

    /// <summary>Names the queue to its senders.</summary>
    public required EntityId SenderId { get; init; }

    /// <summary>Any of these authorises recipient commands; 1 to 255 (S-141).</summary>
    public required ImmutableArray<PublicKey> RecipientKeys { get; init; }

    /// <summary>X25519 secret that message bodies are encrypted with; 32 bytes (S-232).</summary>
    public required ImmutableArray<byte> DhSecret { get; init; }

    /// <summary>Null while the queue is not secured.</summary>
    public PublicKey? SenderKey { get; init; }

    /// <summary>Null for queues made by clients below v9 (S-173).</summary>
    public QueueMode? Mode { get; init; }

    /// <summary>Present while link data is stored.</summary>
    public QueueLink? Link { get; init; }

    /// <summary>Present while notifications are enabled.</summary>
    public QueueNotifier? Notifier { get; init; }

    /// <summary>Active, off or blocked (S-368).</summary>
    public QueueStatus Status { get; init; } = QueueStatus.Active;

    /// <summary>Day of the last use, in whole days since the Unix epoch (S-247).</summary>
    public int UpdatedDay { get; init; }

    /// <summary>Service that subscribes to the queue's messages (S-310).</summary>
    public EntityId? ServiceId { get; init; }

    /// <summary>
    /// Raised by every change of what authorisation depends on (keys, mode, status, link, notifier). A command
    /// authorised against an older version is authorised again.
    /// </summary>
    public long KeysVersion { get; init; } = 1;

    /// <summary>Whole days since the Unix epoch.</summary>
    public static int DayOf(DateTimeOffset time) => (int)(time.ToUnixTimeSeconds() / 86400);

    /// <summary>With another link, or none.</summary>
    internal QueueRecord WithLink(QueueLink? link) => this with { Link = link, KeysVersion = KeysVersion + 1 };

    /// <summary>With another status; this record when it has this status.</summary>
    internal QueueRecord WithStatus(QueueStatus status) =>
        Status == status ? this : this with { Status = status, KeysVersion = KeysVersion + 1 };
}

/// <summary>A short link of a queue; the blobs themselves stay in the store.</summary>
/// <param name="LinkId">Names the link.</param>
/// <param name="FixedHash">SHA-256 of the fixed blob, which may not change (S-302).</param>
public sealed record QueueLink(EntityId LinkId, EntityId FixedHash);

/// <summary>Notifier credentials of a queue.</summary>
/// <param name="NotifierId">Names the queue to the notification router.</param>
/// <param name="Key">Authorises <c>NSUB</c>.</param>
/// <param name="DhSecret">X25519 secret that notifications are encrypted with; 32 bytes.</param>
/// <param name="ServiceId">Notification service that subscribes (S-310).</param>
public sealed record QueueNotifier(EntityId NotifierId, PublicKey Key, ImmutableArray<byte> DhSecret, EntityId? ServiceId = null);

/// <summary>Status of a queue (S-368).</summary>
public abstract record QueueStatus
{
    /// <summary>In use.</summary>
    public static QueueStatus Active { get; } = new ActiveStatus();

    /// <summary>Suspended by its recipient.</summary>
    public static QueueStatus Off { get; } = new OffStatus();

    /// <summary>In use.</summary>
    public sealed record ActiveStatus : QueueStatus;

    /// <summary>Suspended by its recipient.</summary>
    public sealed record OffStatus : QueueStatus;

    /// <summary>Blocked by the operator.</summary>
    public sealed record Blocked(BlockingInfo Info) : QueueStatus;
}
