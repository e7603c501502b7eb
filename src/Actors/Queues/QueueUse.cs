namespace SimplexActors.Actors.Queues;

/// <summary>Whether an event makes its queue one that was used in the day, week and month (S-275, S-283).</summary>
public enum QueueUse : byte
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>A message was sent or received.</summary>
    Message,

    /// <summary>A message with the notification flag was.</summary>
    Notification,
}
