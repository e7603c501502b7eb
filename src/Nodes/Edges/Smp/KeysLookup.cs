using SimplexActors.Actors.Queues;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>Receives the keys of one command's queue and counts down the block's look-ups.</summary>
internal sealed class KeysLookup(CommandSlot slot, Countdown lookups) : IKeysReply
{
    /// <inheritdoc/>
    public void Keys(QueueKeys? keys)
    {
        slot.Keys = keys is null ? null : new CachedKeys(keys);
        slot.State = SlotState.NeedsAuthorisation;
        lookups.Signal();
    }

    /// <inheritdoc/>
    public void Failed()
    {
        slot.State = SlotState.LookupFailed;
        lookups.Signal();
    }
}
