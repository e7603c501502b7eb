namespace SimplexActors.Actors.Queues;

/// <summary>What an operator can set of the queues' behaviour.</summary>
public sealed record QueueOptions
{
    /// <summary>Messages that a queue holds before senders meet the quota (S-280).</summary>
    public int QuotaMessages { get; init; } = Limits.MessagesPerQueue;

    /// <summary>If set, <c>SEND</c> first removes messages older than this (S-286).</summary>
    public TimeSpan? ExpireOnSendAfter { get; init; }
}
