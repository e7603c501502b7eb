using System.Buffers.Binary;
using SimplexActors.Client;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;

namespace SimplexActors.Soak;

/// <summary>A queue from one client to another, with the oracle that knows what must arrive. Used by one sender and one recipient.</summary>
internal sealed class SoakQueue
{
    private const int ShortBytes = 64;
    private const int LongBytes = 15_000;

    private readonly int _index;
    private readonly SoakCounts _counts;

    private SoakQueue(int index, RecipientQueue owner, SenderQueue sender, SoakCounts counts)
    {
        _index = index;
        _counts = counts;
        Owner = owner;
        Sender = sender;
        Oracle = new MessageOracle($"queue {index}");
    }

    /// <summary>The recipient's handle.</summary>
    public RecipientQueue Owner { get; }

    /// <summary>The sender's handle.</summary>
    public SenderQueue Sender { get; }

    /// <summary>What is allowed of it.</summary>
    public MessageOracle Oracle { get; }

    /// <summary>Creates it for a recipient and secures it for a sender.</summary>
    public static async Task<SoakQueue> CreateAsync(SmpClient recipient, int index, SoakCounts counts)
    {
        KeyAlgorithm keys = index % 2 == 0 ? KeyAlgorithm.Ed25519 : KeyAlgorithm.X25519;
        RecipientQueue owner = await recipient.CreateQueueAsync(new NewQueue { Subscribe = recipient.Service is not null, Key = PrivateKey.Generate(keys) });
        var sender = new SenderQueue(owner.SenderId, PrivateKey.Generate(keys));
        await recipient.SecureAsync(sender);
        return new SoakQueue(index, owner, sender, counts);
    }

    /// <summary>Sends the next message and waits for the answer; without one the message is in doubt.</summary>
    /// <param name="send">Sends a body.</param>
    /// <param name="isExpected">Whether a failure says that the message was not stored.</param>
    /// <returns>Why there is no confirmation; null when there is.</returns>
    public async Task<SmpFailure?> SendAsync(
        Func<SenderQueue, byte[], ValueTask<SmpResult<SmpResponse>>> send, Func<SmpFailure, bool>? isExpected = null)
    {
        int number = Oracle.Send();
        SmpResult<SmpResponse> result = await send(Sender, Body(number));
        if (result.Succeeded)
        {
            Oracle.Confirm(number);
            _counts.Confirmed();
        }
        else if (result.Error == SmpError.Quota || isExpected?.Invoke(result.Failure) is true)
        {
            Oracle.Refuse(number);
            _counts.Refused();
        }
        else if (result.Failure is not (ConnectionLost or ProxyRefusal { Error: ProxyBrokerError }))
        {
            Oracle.Report($"SEND: {result.Failure}");
        }

        return result.Failure;
    }

    /// <summary>Subscribes a new connection of the recipient.</summary>
    public async Task SubscribeAsync(SmpClient recipient)
    {
        Oracle.Reconnect();
        SmpResult<SmpResponse> result = await recipient.SubscribeAsync(Owner).AsResult();
        if (!result.Succeeded && result.Failure is not ConnectionLost)
        {
            Oracle.Report($"SUB: {result.Failure}");
        }
    }

    /// <summary>A message or marker came.</summary>
    public void Receive(ReceivedMessage message)
    {
        if (NumberOf(message) is { } number)
        {
            Oracle.Deliver(number, message.Id);
        }
    }

    /// <summary>Acknowledges what came.</summary>
    public async Task AcknowledgeAsync(SmpClient recipient, ReceivedMessage message)
    {
        int? number = NumberOf(message);
        if (number is { } attempted)
        {
            Oracle.Acknowledge(attempted);
        }

        SmpResult<SmpResponse> result = await recipient.AcknowledgeAsync(Owner, message.Id).AsResult();
        if (result.Succeeded && number is { } acknowledged)
        {
            Oracle.ConfirmAcknowledgement(acknowledged);
            _counts.Received();
        }
        else if (!result.Succeeded && result.Failure is not ConnectionLost)
        {
            Oracle.Report($"ACK: {result.Failure}");
        }
    }

    /// <summary>Takes everything that is stored; what was confirmed must be among it.</summary>
    public async Task DrainAsync(SmpClient recipient)
    {
        Oracle.Reconnect();
        while (await recipient.GetAsync(Owner) is { } message)
        {
            Receive(message);
            await AcknowledgeAsync(recipient, message);
        }

        Oracle.Drain();
    }

    private int? NumberOf(ReceivedMessage message)
    {
        if (message.IsQuotaMarker)
        {
            return null;
        }

        int number = message.Body.Length >= sizeof(int) ? BinaryPrimitives.ReadInt32BigEndian(message.Body.Span) : -1;
        if (number < 0 || !message.Body.Span.SequenceEqual(Body(number)))
        {
            Oracle.Report("a message came that nobody sent like this");
            return null;
        }

        return number;
    }

    /// <summary>The body says which message of which queue it is, all over.</summary>
    private byte[] Body(int number)
    {
        byte[] body = new byte[number % 5 == 0 ? LongBytes : ShortBytes];
        for (int i = 0; i + sizeof(long) <= body.Length; i += sizeof(long))
        {
            BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(i), number);
            BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(i + sizeof(int)), _index);
        }

        return body;
    }
}
