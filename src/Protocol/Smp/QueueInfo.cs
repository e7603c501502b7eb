using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SimplexActors.Protocol.Smp;

/// <summary>What <c>QUE</c> tells about a queue, as the JSON of <c>INFO</c> (S-248).</summary>
public sealed record QueueInfo
{
    /// <summary>The queue has a sender key.</summary>
    [JsonPropertyName("qiSnd")]
    public required bool IsSecured { get; init; }

    /// <summary>The queue has notifier credentials.</summary>
    [JsonPropertyName("qiNtf")]
    public required bool HasNotifier { get; init; }

    /// <summary>Of the asking connection; null when it has none.</summary>
    [JsonPropertyName("qiSub")]
    public QueueSubscriptionInfo? Subscription { get; init; }

    /// <summary>Stored messages, the quota marker included.</summary>
    [JsonPropertyName("qiSize")]
    public required int Size { get; init; }

    /// <summary>The first message; null when there is none.</summary>
    [JsonPropertyName("qiMsg")]
    public QueueMessageInfo? NextMessage { get; init; }

    /// <summary>The JSON, in UTF-8.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, SmpJson.Strict.QueueInfo);

    /// <summary>Reads the JSON; unknown keys are ignored.</summary>
    public static bool TryParse(ReadOnlySpan<byte> json, [NotNullWhen(true)] out QueueInfo? info) =>
        SmpJson.TryRead(json, SmpJson.Strict.QueueInfo, out info);
}

/// <summary>The asking connection's subscription.</summary>
/// <param name="State">How far it is.</param>
/// <param name="Delivered">Id of the message that waits for its acknowledgement; null when none does.</param>
public sealed record QueueSubscriptionInfo(
    [property: JsonPropertyName("qSubThread")] QueueSubscriptionState State,
    [property: JsonPropertyName("qDelivered")] byte[]? Delivered = null);

/// <summary>States of a subscription.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<QueueSubscriptionState>))]
public enum QueueSubscriptionState : byte
{
    /// <summary>Subscribed; nothing is being delivered.</summary>
    [JsonStringEnumMemberName("noSub")]
    NoSub = 1,

    /// <summary>A delivery waits for room.</summary>
    [JsonStringEnumMemberName("subPending")]
    Pending,

    /// <summary>A delivery was begun.</summary>
    [JsonStringEnumMemberName("subThread")]
    Delivering,

    /// <summary>The connection used <c>GET</c> and may not subscribe.</summary>
    [JsonStringEnumMemberName("prohibitSub")]
    Prohibited,
}

/// <summary>The first message of a queue.</summary>
/// <param name="MessageId">24 bytes.</param>
/// <param name="Timestamp">When the router received it; read to 100 ns.</param>
/// <param name="Kind">Message or quota marker.</param>
public sealed record QueueMessageInfo(
    [property: JsonPropertyName("msgId")] byte[] MessageId,
    [property: JsonPropertyName("msgTs"), JsonConverter(typeof(UtcTimeConverter))] DateTimeOffset Timestamp,
    [property: JsonPropertyName("msgType")] QueueMessageKind Kind);

/// <summary>Kinds of stored message.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<QueueMessageKind>))]
public enum QueueMessageKind : byte
{
    /// <summary>Somebody sent it.</summary>
    [JsonStringEnumMemberName("message")]
    Message = 1,

    /// <summary>The marker that senders met the quota (S-280).</summary>
    [JsonStringEnumMemberName("quota")]
    Quota,
}
