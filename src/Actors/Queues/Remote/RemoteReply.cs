using SimplexActors.Actors.Cluster.Routing;
using SimplexActors.Actors.Connections;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Actors.Queues.Remote;

/// <summary>
/// Stands for whoever waits on another node for a queue's answer. The answer says that the command was decided, too: over
/// there the next block may then start. After the byte of <see cref="QueueAnswer"/>:
/// <code>
/// Response    response(rest)
/// Message     delivery
/// Link        linkId senderId
/// Stale, Failed, NoKeys
/// Keys        recipientId version(8) keys Maybe(key) Maybe(key) mode(1)
/// Operator    Maybe(record) Maybe(record) messages(4)
/// </code>
/// </summary>
internal sealed class RemoteReply(RemoteRequest request) : IReplyTarget, IKeysReply, IOperatorReply
{
    /// <summary>The request.</summary>
    public RemoteRequest Request => request;

    /// <inheritdoc/>
    public void Reply(int slot, SmpResponse response) => request.Answer(response, static (ref writer, value) =>
    {
        writer.WriteByte((byte)QueueAnswer.Response);
        SmpResponseWriter.Write(ref writer, value, SmpVersion.Current);
    });

    /// <inheritdoc/>
    public void ReplyMessage(int slot, Delivery delivery) => request.Answer(delivery, static (ref writer, value) =>
    {
        writer.WriteByte((byte)QueueAnswer.Message);
        DeliveryCodec.Write(ref writer, value);
    });

    /// <inheritdoc/>
    public void ReplyLink(int slot, EntityId linkId, EntityId senderId) => request.Answer((linkId, senderId), static (ref writer, value) =>
    {
        writer.WriteByte((byte)QueueAnswer.Link);
        writer.WriteId(value.linkId);
        writer.WriteId(value.senderId);
    });

    /// <inheritdoc/>
    public void Stale(int slot) => request.Answer(QueueAnswer.Stale, WriteTag);

    /// <inheritdoc/>
    public void Decided(int slot)
    {
        // Whoever waits hears it with the answer.
    }

    /// <inheritdoc/>
    public void Keys(QueueKeys? keys)
    {
        if (keys is null)
        {
            request.Answer(QueueAnswer.NoKeys, WriteTag);
            return;
        }

        request.Answer(keys, static (ref writer, value) =>
        {
            writer.WriteByte((byte)QueueAnswer.Keys);
            QueueRecordCodec.Write(ref writer, value);
        });
    }

    /// <inheritdoc/>
    public void Done(QueueRecord? before, QueueRecord? after, int messages) => request.Answer((before, after, messages), static (ref writer, value) =>
    {
        writer.WriteByte((byte)QueueAnswer.Operator);
        WriteMaybe(ref writer, value.before);
        WriteMaybe(ref writer, value.after);
        writer.WriteUInt32((uint)value.messages);
    });

    /// <inheritdoc/>
    public void Failed() => request.Answer(QueueAnswer.Failed, WriteTag);

    private static void WriteTag(ref WireWriter writer, QueueAnswer answer) => writer.WriteByte((byte)answer);

    private static void WriteMaybe(ref WireWriter writer, QueueRecord? record)
    {
        writer.WriteMaybe(record is not null);
        if (record is not null)
        {
            QueueRecordCodec.Write(ref writer, record);
        }
    }
}

/// <summary>The first byte of an answer between nodes.</summary>
internal enum QueueAnswer : byte
{
    /// <summary><see cref="IReplyTarget.Reply"/></summary>
    Response = 1,

    /// <summary><see cref="IReplyTarget.ReplyMessage"/></summary>
    Message,

    /// <summary><see cref="IReplyTarget.ReplyLink"/></summary>
    Link,

    /// <summary><see cref="IReplyTarget.Stale"/></summary>
    Stale,

    /// <summary><see cref="IKeysReply.Keys"/> of a queue.</summary>
    Keys,

    /// <summary><see cref="IKeysReply.Keys"/> without a queue.</summary>
    NoKeys,

    /// <summary><see cref="IOperatorReply.Done"/></summary>
    Operator,

    /// <summary><see cref="IKeysReply.Failed"/> or <see cref="IOperatorReply.Failed"/></summary>
    Failed,
}
