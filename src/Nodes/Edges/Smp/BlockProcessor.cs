using SimplexActors.Actors;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Storage;
using SimplexActors.Nodes.Edges.Smp.Services;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>
/// Takes the commands of one block to their queues: looks up keys, authorises, tells, and waits for the decisions.
/// </summary>
/// <remarks>
/// The reference verifies a whole block before it executes any of it, and executes it backwards, so that a client
/// cannot send <c>KEY</c> and what depends on it together (S-503). Here commands take effect in their order: a command
/// that a queue calls stale, or that fails with keys that an earlier command of the block may have changed, is
/// authorised once more with fresh keys after everything before it is decided. The next block starts when this one
/// is decided; commits are not waited for.
/// </remarks>
internal sealed class BlockProcessor(SmpConnection connection, SmpRouter router, SmpSession session, KeyCache cache)
{
    private readonly CommandAuthoriser _authoriser = new(session.Authorisation, session.Service);
    private readonly Countdown _lookups = new();

    /// <summary>Carries out a block up to the decision of its last command.</summary>
    public async ValueTask ProcessAsync(CommandBlock block, CancellationToken cancellation)
    {
        int next = 0;
        while (next < block.Slots.Count)
        {
            await LookUpKeysAsync(block, next, cancellation);
            Judge(block, next);
            int told = await TellAsync(block, next, cancellation);
            await block.Decisions.WaitAsync();
            next = FirstToRepeat(block, next, told);
        }
    }

    /// <summary>Asks for the keys of all commands from <paramref name="from"/> on that need them, at once.</summary>
    private async ValueTask LookUpKeysAsync(CommandBlock block, int from, CancellationToken cancellation)
    {
        for (int i = from; i < block.Slots.Count; i++)
        {
            CommandSlot slot = block.Slots[i];
            if (slot.State is not SlotState.NeedsKeys)
            {
                continue;
            }

            if (!ConcernsQueue(slot.Command!.Tag))
            {
                slot.State = SlotState.NeedsAuthorisation;
                continue;
            }

            QueueAlias? alias = AliasOf(slot.Command!);
            if (slot.Forwarded is null && cache.Find(alias, slot.EntityId) is { } cached)
            {
                (slot.Keys, slot.KeysFromCache, slot.State) = (cached, true, SlotState.NeedsAuthorisation);
                continue;
            }

            slot.KeysFromCache = false;
            await AskAsync(slot, alias, cancellation);
        }

        await _lookups.WaitAsync();
    }

    private async ValueTask AskAsync(CommandSlot slot, QueueAlias? alias, CancellationToken cancellation)
    {
        EntityId? recipientId = slot.EntityId;
        if (alias is { } kind)
        {
            try
            {
                recipientId = await router.Store.ResolveAsync(kind, slot.EntityId, cancellation);
            }
            catch (StoreUnavailableException)
            {
                slot.State = SlotState.LookupFailed;
                return;
            }
        }

        if (recipientId is not { } id)
        {
            (slot.Keys, slot.State) = (null, SlotState.NeedsAuthorisation);
            return;
        }

        _lookups.Expect();
        await router.Queues.TellAsync(id, new QueueCommand.GetKeys(new KeysLookup(slot, _lookups)), cancellation);
    }

    /// <summary>Authorises what has its keys; many commands in parallel, because this is the dearest step.</summary>
    private void Judge(CommandBlock block, int from)
    {
        int count = block.Slots.Count - from;
        if (count < Limits.ParallelVerificationFrom)
        {
            for (int i = from; i < block.Slots.Count; i++)
            {
                Judge(block.Slots[i]);
            }

            return;
        }

        Parallel.For(from, block.Slots.Count, i => Judge(block.Slots[i]));
    }

    private void Judge(CommandSlot slot)
    {
        if (slot.State is SlotState.NeedsAuthorisation)
        {
            slot.Refusal = (slot.Forwarded?.Authoriser ?? _authoriser).Judge(slot);
            slot.State = SlotState.Judged;
        }
    }

    /// <summary>
    /// Tells commands in order until one is refused that has to be tried again first; returns the index after the last
    /// one that was told or answered.
    /// </summary>
    private async ValueTask<int> TellAsync(CommandBlock block, int from, CancellationToken cancellation)
    {
        for (int i = from; i < block.Slots.Count; i++)
        {
            CommandSlot slot = block.Slots[i];
            if (slot.State is SlotState.Done)
            {
                continue;
            }

            if (slot.State is SlotState.LookupFailed)
            {
                Answer(block, i, new ErrResponse(StoreError.Unavailable));
            }
            else if (slot.Refusal is { } refusal)
            {
                if (MayHaveChanged(block, from, i))
                {
                    return i;
                }

                EdgeCounts.AddRefusal(router.Statistics, slot.Command!.Tag, refusal);
                Answer(block, i, new ErrResponse(refusal));
            }
            else if (slot.State is SlotState.Judged)
            {
                await CarryOutAsync(block, i, cancellation);
            }
        }

        return block.Slots.Count;
    }

    /// <summary>Whether a refused command's queue may have other keys by now than those it was judged with.</summary>
    private static bool MayHaveChanged(CommandBlock block, int from, int index)
    {
        CommandSlot slot = block.Slots[index];
        if (slot.Keys is not { } keys || slot.Refusal != SmpError.Auth)
        {
            return false;
        }

        if (slot.KeysFromCache)
        {
            return true;
        }

        for (int i = from; i < index; i++)
        {
            if (block.Slots[i] is { Refusal: null, Keys: { } earlier } && earlier.Keys.RecipientId == keys.Keys.RecipientId)
            {
                return true;
            }
        }

        return false;
    }

    private async ValueTask CarryOutAsync(CommandBlock block, int index, CancellationToken cancellation)
    {
        CommandSlot slot = block.Slots[index];
        var to = new ReplyTo(block, index);
        if (session.Service is { } service && await CarryOutForServiceAsync(service, slot) is { } answer)
        {
            Answer(block, index, answer);
            return;
        }

        if (slot.Command is NewCommand create)
        {
            await QueueCreation.CreateAsync(router, connection, block, index, create, cancellation);
            return;
        }

        if (slot.Keys is not { } keys)
        {
            if (RouterCommands.Fork(router, connection, slot) is { } run)
            {
                block.Fork(index);
                await connection.Forks.StartAsync(slot, run);
            }
            else
            {
                Answer(block, index, RouterCommands.Answer(slot.Command!));
            }

            return;
        }

        if (slot.Command is SendCommand && router.Storage.IsFull)
        {
            Answer(block, index, new ErrResponse(StoreError.Unavailable));
            return;
        }

        if (FreshFor(slot.Command!) is not { } fresh)
        {
            Answer(block, index, new ErrResponse(CmdError.Syntax));
            return;
        }

        if (slot.Forwarded is not null)
        {
            // Many clients share a proxy's connection: what one proved must not save another the work (S-139).
            keys.Wipe();
        }
        else if (!slot.KeysFromCache && !slot.Transmission.Authorization.IsEmpty)
        {
            cache.Add(AliasOf(slot.Command!), slot.EntityId, keys);
        }

        slot.State = SlotState.Done;
        block.Decisions.Expect();
        await router.Queues.TellAsync(
            keys.Keys.RecipientId,
            new QueueCommand.Client(
                slot.EntityId, slot.Command!, keys.Keys.Version, slot.Forwarded?.Version ?? session.Version, connection, to, fresh)
            {
                Known = slot.Command is AckCommand ? connection.KnownOf(slot.EntityId) : null,
            },
            cancellation);
    }

    /// <summary>What a service session does of a command; null when the command goes on as any other.</summary>
    private async ValueTask<SmpResponse?> CarryOutForServiceAsync(ServiceSession service, CommandSlot slot) => slot.Command switch
    {
        SubsCommand { Expected: var expected } => await ServiceSubscription.SubscribeAsync(router, service, connection, expected),
        NsubsCommand { Expected: var expected } => await ServiceSubscription.SubscribeAsync(router, service, connection, expected),
        SubCommand or NsubCommand or NewCommand { Subscribe: true } => await ServiceSubscription.JoinAsync(router, service, connection),
        _ => null,
    };

    /// <summary>The first command that must be authorised again, with the state that makes that happen.</summary>
    private int FirstToRepeat(CommandBlock block, int from, int told)
    {
        int first = told;
        for (int i = block.Slots.Count - 1; i >= from; i--)
        {
            CommandSlot slot = block.Slots[i];
            if (slot.State is SlotState.Stale || (i >= told && slot.State is SlotState.Judged && slot.Keys is not null))
            {
                cache.Remove(AliasOf(slot.Command!), slot.EntityId);
                (slot.State, slot.Refusal, slot.Keys) = (SlotState.NeedsKeys, null, null);
                first = Math.Min(first, i);
            }
        }

        return first;
    }

    private static void Answer(CommandBlock block, int index, SmpResponse response)
    {
        block.Slots[index].State = SlotState.Done;
        block.Reply(index, response);
    }

    /// <summary>What the decision needs of randomness; null for a DH key of small order, which is no key.</summary>
    private static FreshValues? FreshFor(SmpCommand command) => command switch
    {
        SendCommand { Notify: true } => new FreshValues(EntityId.Random(), EntityId.Random()),
        SendCommand => new FreshValues(EntityId.Random()),
        NkeyCommand nkey => QueueCreation.NewNotifier(nkey.NotifierKey, nkey.DhKey) is { } notifier ? new FreshValues(Notifier: notifier) : null,
        _ => FreshValues.None,
    };

    /// <summary>True for commands that name an existing queue, by any of its ids.</summary>
    internal static bool ConcernsQueue(SmpCommandTag tag) => CommandParties.PartyOf(tag)
        is CommandParty.Recipient or CommandParty.Sender or CommandParty.Notifier or CommandParty.LinkClient;

    /// <summary>By which id a command names its queue; null for the recipient id.</summary>
    internal static QueueAlias? AliasOf(SmpCommand command) => CommandParties.PartyOf(command.Tag) switch
    {
        CommandParty.Sender => QueueAlias.Sender,
        CommandParty.Notifier => QueueAlias.Notifier,
        CommandParty.LinkClient => QueueAlias.Link,
        _ => null,
    };
}
