namespace SimplexActors.Actors;

/// <summary>Bounds of the router, each with its unit.</summary>
public static class Limits
{
    /// <summary>Messages that a queue holds, without the quota marker (S-280).</summary>
    public const int MessagesPerQueue = 128;

    /// <summary>Notifications that wait in the store for one notifier; the newest are kept (S-484).</summary>
    public const int StoredNotificationsPerNotifier = 128;

    /// <summary>Connections whose use of <c>GET</c> one queue remembers (S-253).</summary>
    public const int GettersPerQueue = 16;

    /// <summary>Queues that one page of the search for expired messages names.</summary>
    public const int ExpiryPageQueues = 200;

    /// <summary>Queues per second that the expiry job tells to remove messages.</summary>
    public const int ExpiryQueuesPerSecond = 2000;
}
