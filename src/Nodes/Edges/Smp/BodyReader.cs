using SimplexActors.Actors;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Storage;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>
/// Gets the bodies of messages that are about to be sent: from memory when they have just been stored, else from the
/// store. So a slow disk holds up the client that reads a backlog, and nobody else (DESIGN 3).
/// </summary>
internal sealed class BodyReader(SmpRouter router, ConnectionTransport transport, ISubscriber subscriber)
{
    /// <summary>The body; null when there is none to send any more (the queue then goes on with its next message).</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(Delivery delivery)
    {
        if (delivery.Body is { } held)
        {
            return held;
        }

        if (delivery.Header.IsQuotaMarker)
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        while (!transport.IsClosed)
        {
            try
            {
                MessageBody read = await router.Store.ReadBodyAsync(delivery.RecipientId, delivery.Header, CancellationToken.None);
                if (read.State is MessageBodyState.Found)
                {
                    return read.Body;
                }

                await router.Queues.TellAsync(
                    delivery.RecipientId,
                    new QueueCommand.BodyUnavailable(subscriber, delivery.Header.MessageId, read.State is MessageBodyState.Corrupt),
                    CancellationToken.None);
                return null;
            }
            catch (StoreUnavailableException)
            {
                // The message is not lost: it is sent when the store answers again.
                await Task.Delay(Limits.BodyRetry, router.Time);
            }
        }

        return null;
    }
}
