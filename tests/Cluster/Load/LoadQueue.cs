using System.Buffers.Binary;
using SimplexActors.Client;
using SimplexActors.Protocol.Crypto;

namespace SimplexActors.Cluster.Load;

/// <summary>A queue with the oracle that knows what must arrive.</summary>
internal sealed class LoadQueue
{
    private const int ShortBytes = 64, LongBytes = 6_000, LongEvery = 7;

    private LoadQueue(RecipientQueue owner, SenderQueue sender, string name)
    {
        Owner = owner;
        Sender = sender;
        Name = name;
        History = new QueueHistory(name, TimeProvider.System);
    }

    /// <summary>For the verdict.</summary>
    public string Name { get; }

    /// <summary>The recipient's handle.</summary>
    public RecipientQueue Owner { get; }

    /// <summary>The sender's handle.</summary>
    public SenderQueue Sender { get; }

    /// <summary>What clients saw of it.</summary>
    public QueueHistory History { get; }

    /// <summary>Creates it and secures it for its sender.</summary>
    public static async Task<LoadQueue> CreateAsync(SmpClient client, string name)
    {
        RecipientQueue owner = await client.CreateQueueAsync(new NewQueue { Subscribe = client.Service is not null });
        var sender = new SenderQueue(owner.SenderId, PrivateKey.Generate(KeyAlgorithm.X25519));
        await client.SecureAsync(sender);
        return new LoadQueue(owner, sender, name);
    }

    /// <summary>The body says which message it is, all over.</summary>
    public static byte[] Body(int number)
    {
        byte[] body = new byte[number % LongEvery == 0 ? LongBytes : ShortBytes];
        for (int i = 0; i + sizeof(int) <= body.Length; i += sizeof(int))
        {
            BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(i), number);
        }

        return body;
    }

    /// <summary>Which message it is; -1 for none that anybody sent.</summary>
    public static int NumberOf(ReceivedMessage message)
    {
        int number = message.Body.Length >= sizeof(int) ? BinaryPrimitives.ReadInt32BigEndian(message.Body.Span) : -1;
        return number >= 0 && message.Body.Span.SequenceEqual(Body(number)) ? number : -1;
    }
}
