using System.Collections.Immutable;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Queues;

/// <summary>
/// What a queue knows of client connections: it is never stored, and stays in memory alone when the queue
/// is passivated. Immutable; 64 bytes for a plainly subscribed queue.
/// </summary>
public sealed record QueueConnections
{
    /// <summary>No connection uses the queue.</summary>
    public static QueueConnections None { get; } = new();

    /// <summary>The connection subscribed to the messages; at most one (S-250).</summary>
    public ISubscriber? Subscriber { get; init; }

    /// <summary>Of <see cref="Subscriber"/>'s subscription.</summary>
    public long SubscriberEpoch { get; init; }

    /// <summary>What <see cref="Subscriber"/> received and did not acknowledge; at most one message (S-264).</summary>
    public DeliveredMessage? Delivered { get; init; }

    /// <summary>The connection subscribed to the notifications.</summary>
    public ISubscriber? NotifierSubscriber { get; init; }

    /// <summary>Of <see cref="NotifierSubscriber"/>'s subscription.</summary>
    public long NotifierEpoch { get; init; }

    /// <summary>Connections that used <c>GET</c>, oldest first; they may not subscribe (S-253).</summary>
    public ImmutableArray<Getter> Getters { get; init; } = [];

    /// <summary>True when nothing has to stay in memory.</summary>
    public bool IsNone => Subscriber is null && NotifierSubscriber is null && Getters.IsEmpty;

    /// <summary>Position of a connection in <see cref="Getters"/>; negative when it did not use <c>GET</c>.</summary>
    public int IndexOfGetter(ISubscriber subscriber)
    {
        for (int i = 0; i < Getters.Length; i++)
        {
            if (Getters[i].Subscriber.IsSameAs(subscriber))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Epoch of a subscription to the messages that is made now.</summary>
    internal long NextEpoch(QueueCommand.Subscribing command) => Math.Max(command.Epoch, SubscriberEpoch + 1);

    /// <summary>Epoch of a subscription to the notifications that is made now.</summary>
    internal long NextNotifierEpoch(QueueCommand.Subscribing command) => Math.Max(command.Epoch, NotifierEpoch + 1);

    /// <summary>With another subscriber to the messages, who has nothing to acknowledge.</summary>
    internal QueueConnections WithSubscriber(ISubscriber subscriber, long epoch) =>
        this with { Subscriber = subscriber, SubscriberEpoch = epoch, Delivered = null };

    /// <summary>With another subscriber to the notifications.</summary>
    internal QueueConnections WithNotifierSubscriber(ISubscriber subscriber, long epoch) =>
        this with { NotifierSubscriber = subscriber, NotifierEpoch = epoch };

    /// <summary>Without a subscriber to the notifications.</summary>
    internal QueueConnections WithoutNotifierSubscriber()
    {
        if (NotifierSubscriber is null)
        {
            return this;
        }

        QueueConnections changed = this with { NotifierSubscriber = null };
        return changed.IsNone ? None : changed;
    }

    /// <summary>Remembers what a connection got; the oldest is forgotten when there are too many.</summary>
    internal QueueConnections WithGetter(in Getter getter)
    {
        int index = IndexOfGetter(getter.Subscriber);
        if (index >= 0)
        {
            return this with { Getters = Getters.SetItem(index, getter) };
        }

        ImmutableArray<Getter> kept = Getters.Length < Limits.GettersPerQueue ? Getters : Getters.RemoveAt(0);
        return this with { Getters = kept.Add(getter) };
    }

    /// <summary>Forgets a connection that ended; only its subscriptions when it is not over.</summary>
    internal QueueConnections Without(QueueCommand.Disconnected command)
    {
        ISubscriber subscriber = command.Subscriber;
        QueueConnections rest = this;
        if (rest.Subscriber?.IsSameAs(subscriber) == true && rest.SubscriberEpoch <= command.UpTo)
        {
            rest = rest with { Subscriber = null, Delivered = null };
        }

        if (rest.NotifierSubscriber?.IsSameAs(subscriber) == true && rest.NotifierEpoch <= command.UpTo)
        {
            rest = rest with { NotifierSubscriber = null };
        }

        int index = command.IsOver ? rest.IndexOfGetter(subscriber) : -1;
        if (index >= 0)
        {
            rest = rest with { Getters = rest.Getters.RemoveAt(index) };
        }

        return rest.IsNone ? None : rest;
    }
}

/// <summary>The message that a subscriber has to acknowledge; it may have left the store meanwhile (S-271).</summary>
/// <param name="MessageId">The message.</param>
/// <param name="At">When it was delivered, seconds since the Unix epoch.</param>
public sealed record DeliveredMessage(EntityId MessageId, long At);

/// <summary>A connection that used <c>GET</c>.</summary>
/// <param name="Subscriber">The connection.</param>
/// <param name="Delivered">What it got and did not acknowledge.</param>
public readonly record struct Getter(ISubscriber Subscriber, DeliveredMessage? Delivered);
