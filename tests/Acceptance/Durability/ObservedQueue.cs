using System.Buffers.Binary;
using SimplexActors.Client;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;

namespace SimplexActors.Acceptance.Durability;

/// <summary>A queue that messages go through, with its oracle. The handles outlive every connection.</summary>
internal sealed class ObservedQueue
{
    /// <summary>Messages sent and not acknowledged at a time; below the router's quota of 128.</summary>
    private const int Window = 40;

    private const int ShortBytes = 100;
    private const int LongBytes = 15_000;

    private readonly int _index;
    private readonly RecipientQueue _owner;
    private readonly SenderQueue _sender;
    private SemaphoreSlim _room = new(Window);

    private ObservedQueue(int index, RecipientQueue owner, SenderQueue sender)
    {
        _index = index;
        _owner = owner;
        _sender = sender;
        Oracle = new MessageOracle($"queue {index}");
    }

    /// <summary>What is allowed of it.</summary>
    public MessageOracle Oracle { get; }

    /// <summary>The recipient's handle.</summary>
    public RecipientQueue Owner => _owner;

    /// <summary>Creates and secures one.</summary>
    public static async Task<ObservedQueue> CreateAsync(SmpClient client, int index)
    {
        // Both ways to authorise: signatures and authenticators.
        KeyAlgorithm keys = index % 2 == 0 ? KeyAlgorithm.Ed25519 : KeyAlgorithm.X25519;
        RecipientQueue owner = await client.CreateQueueAsync(new NewQueue { Subscribe = false, Key = PrivateKey.Generate(keys) });
        var sender = new SenderQueue(owner.SenderId, PrivateKey.Generate(keys));
        await client.SecureAsync(sender);
        return new ObservedQueue(index, owner, sender);
    }

    /// <summary>Subscribes a new connection.</summary>
    public async Task SubscribeAsync(SmpClient recipient)
    {
        Oracle.Reconnect();
        _room = new SemaphoreSlim(Window);
        SmpResult<SmpResponse> result = await recipient.SubscribeAsync(_owner).AsResult();
        ReportUnlessLost("SUB", result);
    }

    /// <summary>Sends one message after another, without waiting for answers, until the connection ends.</summary>
    public async Task SendUntilLostAsync(SmpClient sender, KillPoint kill, CancellationToken ended)
    {
        var answers = new List<Task>();
        try
        {
            while (true)
            {
                await _room.WaitAsync(ended);
                int number = Oracle.Send();
                answers.Add(AwaitSendAsync(number, sender.SendAsync(_sender, Body(number), cancellation: CancellationToken.None).AsResult(), kill));
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The router is gone; what has no answer stays in doubt.
        }

        await Task.WhenAll(answers);
    }

    /// <summary>A message or marker came: acknowledges it.</summary>
    public async Task TakeAsync(SmpClient recipient, ReceivedMessage message, KillPoint? kill)
    {
        int? number = Read(message);
        if (number is { } known)
        {
            Oracle.Acknowledge(known);
        }

        SmpResult<SmpResponse> result = await recipient.AcknowledgeAsync(_owner, message.Id).AsResult();
        if (!result.Succeeded)
        {
            ReportUnlessLost("ACK", result);
            return;
        }

        if (number is { } acknowledged)
        {
            Oracle.ConfirmAcknowledgement(acknowledged);
            _room.Release();
        }

        kill?.Count();
    }

    /// <summary>Takes everything that is stored.</summary>
    public async Task DrainAsync(SmpClient recipient)
    {
        Oracle.Reconnect();
        while (await recipient.GetAsync(_owner) is { } message)
        {
            await TakeAsync(recipient, message, kill: null);
        }

        Oracle.Drain();
    }

    private async Task AwaitSendAsync(int number, ValueTask<SmpResult<SmpResponse>> answer, KillPoint kill)
    {
        SmpResult<SmpResponse> result = await answer;
        if (result.Succeeded)
        {
            Oracle.Confirm(number);
            kill.Count();
        }
        else if (result.Error == SmpError.Quota)
        {
            Oracle.Refuse(number);
        }
        else
        {
            ReportUnlessLost("SEND", result);
        }
    }

    private int? Read(ReceivedMessage message)
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

        Oracle.Deliver(number, message.Id);
        return number;
    }

    /// <summary>The body says which message of which queue it is, all over.</summary>
    private byte[] Body(int number)
    {
        byte[] body = new byte[number % 7 == 0 ? LongBytes : ShortBytes];
        for (int i = 0; i + sizeof(long) <= body.Length; i += sizeof(long))
        {
            BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(i), number);
            BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(i + sizeof(int)), _index);
        }

        return body;
    }

    private void ReportUnlessLost<T>(string command, SmpResult<T> result)
    {
        if (!result.Succeeded && result.Failure is not ConnectionLost)
        {
            Oracle.Report($"{command}: {result.Failure}");
        }
    }
}
