using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>
/// <c>NEW</c> after its authorisation (section 12): the rules that need no queue, and everything random, so that the
/// queue's own decision is pure.
/// </summary>
internal static class QueueCreation
{
    /// <summary>Answers the command of <paramref name="index"/> or tells the new queue to create itself.</summary>
    public static async ValueTask CreateAsync(
        SmpRouter router, SmpConnection connection, CommandBlock block, int index, NewCommand command, CancellationToken cancellation)
    {
        CommandSlot slot = block.Slots[index];
        slot.State = SlotState.Done;
        if (Refuse(router.Rules, connection, slot.CorrelationId, command) is { } refusal)
        {
            block.Reply(index, new ErrResponse(refusal));
            return;
        }

        if (router.Storage.IsFull)
        {
            block.Reply(index, new ErrResponse(StoreError.Unavailable));
            return;
        }

        if (Make(command, router.Today(), connection.ServiceId) is not { } made)
        {
            block.Reply(index, new ErrResponse(CmdError.Syntax));
            return;
        }

        block.Decisions.Expect();
        await router.Queues.TellAsync(
            made.Record.RecipientId,
            new QueueCommand.Create(
                made.Record, command.Link?.Data, command.Subscribe ? connection : null, new ReplyTo(block, index), made.Ids),
            cancellation);
    }

    /// <summary>New notifier credentials for <c>NEW</c> and <c>NKEY</c> (S-293); null for a key of small order.</summary>
    public static FreshNotifier? NewNotifier(PublicKey notifierKey, PublicKey clientDhKey)
    {
        if (Agree(clientDhKey) is not { } agreed)
        {
            return null;
        }

        EntityId notifierId = EntityId.Random();
        return new FreshNotifier(
            new QueueNotifier(notifierId, notifierKey, agreed.Secret),
            new NotifierIds(notifierId, agreed.RouterKey));
    }

    private static SmpError? Refuse(QueueRules rules, SmpConnection connection, in EntityId correlationId, NewCommand command)
    {
        if (!rules.Allows(command.BasicAuth))
        {
            return SmpError.Auth;
        }

        if (connection.ServiceId is not null && !command.Subscribe)
        {
            // S-231: a service has the messages of all its queues.
            return CmdError.Prohibited;
        }

        // S-229: a client can choose the sender id only as a hash, so that it cannot take one that it learned.
        return command.Link is { } link && link.SenderId != ProtocolHash.SenderId(correlationId.Bytes)
            ? CmdError.Prohibited
            : null;
    }

    private static (QueueRecord Record, IdsResponse Ids)? Make(NewCommand command, int today, EntityId? serviceId)
    {
        if (Agree(command.RecipientDhKey) is not { } agreed)
        {
            return null;
        }

        FreshNotifier? notifier = null;
        if (command.Notifier is { } wanted && (notifier = NewNotifier(wanted.NotifierKey, wanted.DhKey)) is null)
        {
            return null;
        }

        var record = new QueueRecord
        {
            RecipientId = EntityId.Random(),
            SenderId = command.Link?.SenderId ?? EntityId.Random(),
            RecipientKeys = [command.RecipientKey],
            DhSecret = agreed.Secret,
            Mode = command.Mode,
            Link = command.Link is { } link
                ? new QueueLink(link.LinkId ?? EntityId.Random(), new EntityId(SHA256.HashData(link.Data.Fixed.Span)))
                : null,
            Notifier = notifier?.Stored,
            UpdatedDay = today,
            ServiceId = serviceId,
        };
        var ids = new IdsResponse(
            record.RecipientId, record.SenderId, agreed.RouterKey, record.Mode, record.Link?.LinkId, serviceId, notifier?.Answer);
        return (record, ids);
    }

    /// <summary>A fresh X25519 pair of the router: the stored secret and the public half (S-232).</summary>
    private static (ImmutableArray<byte> Secret, PublicKey RouterKey)? Agree(PublicKey clientKey)
    {
        using PrivateKey mine = PrivateKey.Generate(KeyAlgorithm.X25519);
        byte[] secret = new byte[BoxKey.Length];
        return mine.TryAgree(clientKey, secret) ? (ImmutableCollectionsMarshal.AsImmutableArray(secret), mine.Public) : null;
    }
}
