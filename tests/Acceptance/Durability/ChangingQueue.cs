using System.Buffers.Binary;
using System.Security.Cryptography;
using SimplexActors.Client;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Acceptance.Durability;

/// <summary>A queue whose properties one client changes, each with what the router may say about it after a crash.</summary>
internal sealed class ChangingQueue
{
    private static readonly byte[] FixedLinkData = new byte[100];

    private readonly RecipientQueue _owner;
    private readonly SenderQueue _sender;
    private readonly DurableValue<bool> _exists = new(true);
    private readonly DurableValue<bool> _secured = new(false);
    private readonly DurableValue<bool> _suspended = new(false);
    private readonly DurableValue<int> _link;
    private readonly DurableValue<int> _notifier = new(0);
    private QueueNotifications? _notifications;
    private int _lastLink;
    private int _lastNotifier;

    private ChangingQueue(RecipientQueue owner, int link)
    {
        _owner = owner;
        _sender = new SenderQueue(owner.SenderId, PrivateKey.Generate(KeyAlgorithm.Ed25519));
        _link = new DurableValue<int>(link);
        _lastLink = link;
    }

    /// <summary>False once the router confirmed the deletion.</summary>
    public bool Exists => _exists.Settled;

    /// <summary>Creates a messaging queue, or a contact address with a short link; null when the router is gone.</summary>
    public static async Task<ChangingQueue?> TryCreateAsync(SmpClient client, Random random, KillPoint kill)
    {
        bool isContact = random.Next(2) == 0;
        SmpResult<RecipientQueue> created = await client.CreateQueueAsync(new NewQueue
        {
            Subscribe = false,
            Mode = isContact ? QueueMode.Contact : QueueMode.Messaging,
            Link = isContact ? LinkOf(1) : null,
            LinkId = isContact ? new EntityId(RandomNumberGenerator.GetBytes(EntityId.GeneratedLength)) : null,
        }).AsResult();
        if (!created.Succeeded)
        {
            ThrowUnlessLost("NEW", created.Failure);
            return null;
        }

        kill.Count();
        return new ChangingQueue(created.Value, isContact ? 1 : 0);
    }

    /// <summary>Makes a change; false when the router is gone.</summary>
    public async Task<bool> ChangeAsync(SmpClient client, Random random, KillPoint kill)
    {
        bool confirmed = random.Next(12) switch
        {
            0 => await SetAsync(_exists, false, "DEL", client.DeleteAsync(_owner)),
            1 => await SetAsync(_suspended, true, "OFF", client.SuspendAsync(_owner)),
            2 or 3 when _owner.Mode == QueueMode.Messaging => await SetAsync(_secured, true, "SKEY", client.SecureAsync(_sender)),
            2 or 3 or 4 or 5 => await SetAsync(_secured, true, "KEY", client.SecureAsync(_owner, _sender.Key!.Public)),
            6 when _link.Settled > 0 => await SetAsync(_link, 0, "LDEL", client.DeleteLinkAsync(_owner)),
            7 or 8 when _link.Settled > 0 => await SetLinkAsync(client),
            9 => await SetAsync(_notifier, 0, "NDEL", client.DisableNotificationsAsync(_owner)),
            _ => await EnableNotificationsAsync(client),
        };
        if (confirmed)
        {
            kill.Count();
        }

        return confirmed;
    }

    /// <summary>Compares the router with what was confirmed; returns what differs.</summary>
    public async Task<IReadOnlyList<string>> VerifyAsync(SmpClient client)
    {
        var violations = new List<string>();
        SmpResult<QueueInfo> info = await client.GetInfoAsync(_owner).AsResult();
        Observe(_exists, !IsRefused("QUE", info), "existence", violations);
        if (!info.Succeeded)
        {
            return violations;
        }

        Observe(_secured, info.Value.IsSecured, "sender key", violations);
        Observe(_suspended, await IsSuspendedAsync(client), "suspension", violations);
        Observe(_link, await ReadLinkAsync(client), "link data", violations);
        Observe(_notifier, await ReadNotifierAsync(client, info.Value.HasNotifier), "notifier", violations);
        return violations;
    }

    private Task<bool> SetLinkAsync(SmpClient client)
    {
        int next = ++_lastLink;
        return SetAsync(_link, next, "LSET", client.SetLinkAsync(_owner, _owner.LinkId!.Value, LinkOf(next)));
    }

    private async Task<bool> EnableNotificationsAsync(SmpClient client)
    {
        _notifier.Attempt(++_lastNotifier);
        SmpResult<QueueNotifications> result = await client.EnableNotificationsAsync(_owner).AsResult();
        if (!result.Succeeded)
        {
            ThrowUnlessLost("NKEY", result.Failure);
            return false;
        }

        _notifications = result.Value;
        _notifier.Confirm();
        return true;
    }

    /// <summary>Sends a message, and removes it again when it was accepted.</summary>
    private async Task<bool> IsSuspendedAsync(SmpClient client)
    {
        SenderQueue sender = _secured.Settled ? _sender : new SenderQueue(_sender.SenderId);
        if (IsRefused("SEND", await client.SendAsync(sender, "probe"u8.ToArray()).AsResult()))
        {
            return true;
        }

        while (await client.GetAsync(_owner) is { } message)
        {
            await client.AcknowledgeAsync(_owner, message.Id);
        }

        return false;
    }

    private async Task<int> ReadLinkAsync(SmpClient client)
    {
        if (_owner.LinkId is not { } linkId)
        {
            return 0;
        }

        SmpResult<ResolvedLink> link = await client.GetLinkAsync(linkId).AsResult();
        return IsRefused("LGET", link) ? 0 : BinaryPrimitives.ReadInt32BigEndian(link.Value.Data.User.Span);
    }

    /// <summary>Credentials that the client has not seen can only be those of the change in doubt.</summary>
    private async Task<int> ReadNotifierAsync(SmpClient client, bool hasNotifier)
    {
        if (!hasNotifier)
        {
            _notifications = null;
            return 0;
        }

        if (_notifications is not null && !IsRefused("NSUB", await client.SubscribeAsync(_notifications.Notifier).AsResult()))
        {
            return _notifier.Settled;
        }

        _notifications = null;
        return _lastNotifier;
    }

    private static async Task<bool> SetAsync<T>(DurableValue<T> value, T wanted, string command, SmpCall<SmpResponse> call)
        where T : struct, IEquatable<T>
    {
        value.Attempt(wanted);
        SmpResult<SmpResponse> result = await call.AsResult();
        if (!result.Succeeded)
        {
            ThrowUnlessLost(command, result.Failure);
            return false;
        }

        value.Confirm();
        return true;
    }

    private static void Observe<T>(DurableValue<T> value, T found, string what, List<string> violations)
        where T : struct, IEquatable<T>
    {
        T settled = value.Settled;
        if (!value.Observe(found))
        {
            violations.Add($"{what}: {settled} was confirmed, {found} was found");
        }
    }

    /// <summary>True for <c>AUTH</c>, the answer about all that does not exist.</summary>
    private static bool IsRefused<T>(string command, SmpResult<T> result) => result switch
    {
        { Succeeded: true } => false,
        { Error: { } error } when error == SmpError.Auth => true,
        _ => throw new InvalidOperationException($"{command}: {result.Failure}"),
    };

    private static void ThrowUnlessLost(string command, SmpFailure failure)
    {
        if (failure is not ConnectionLost)
        {
            throw new InvalidOperationException($"{command}: {failure}");
        }
    }

    private static LinkData LinkOf(int version)
    {
        byte[] user = new byte[1000];
        BinaryPrimitives.WriteInt32BigEndian(user, version);
        return new LinkData(FixedLinkData, user);
    }
}
