namespace SimplexActors.Protocol.Smp;

/// <summary>What a queue is for (S-172). Queues made below v9 have none.</summary>
public enum QueueMode : byte
{
    /// <summary><c>M</c>: one sender, who may secure it.</summary>
    Messaging = (byte)'M',

    /// <summary><c>C</c>: many senders; a contact address.</summary>
    Contact = (byte)'C',
}
