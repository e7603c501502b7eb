using SimplexActors.Actors.Queues;
using SimplexActors.Nodes.Edges.Smp.Relay;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Protocol.Transport;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>One command of a received block, from its bytes to its answer.</summary>
internal sealed class CommandSlot
{
    /// <summary>Returned with the answer; any length (S-461).</summary>
    public EntityId CorrelationId { get; init; }

    /// <summary>As the client sent it; returned with the answer (S-170).</summary>
    public EntityId EntityId { get; init; }

    /// <summary>Null when the transmission or the command could not be read.</summary>
    public SmpCommand? Command { get; init; }

    /// <summary>The command where it lies in its block; valid while the block is processed.</summary>
    public Transmission Transmission { get; init; }

    /// <summary>True when the client added a service signature (S-115).</summary>
    public bool HasServiceSignature => !Transmission.ServiceSignature.IsEmpty;

    /// <summary>How the command came through a proxy, and how its answer goes back; null when it came directly.</summary>
    public Forwarded? Forwarded { get; init; }

    /// <summary>Keys of the command's queue, once they are known.</summary>
    public CachedKeys? Keys { get; set; }

    /// <summary>True when <see cref="Keys"/> may be older than what the queue has now.</summary>
    public bool KeysFromCache { get; set; }

    /// <summary>Why the command is refused; null when it is authorised.</summary>
    public SmpError? Refusal { get; set; }

    /// <summary>How the command stands.</summary>
    public SlotState State { get; set; }

    /// <summary>True when the answer does not leave with the block, but on its own when it is there (S-331).</summary>
    public bool IsForked { get; private set; }

    /// <summary>The answer; null while there is none or when it is one of the following two.</summary>
    public SmpResponse? Response { get; set; }

    /// <summary>The answer is this message (<c>GET</c>, <c>ACK</c>).</summary>
    public Delivery? Message { get; set; }

    /// <summary>The answer is the data of this link, to be read from the store, for this sender id.</summary>
    public (EntityId LinkId, EntityId SenderId)? Link { get; set; }

    /// <summary>Takes the command out of its block's answers.</summary>
    public void Fork()
    {
        IsForked = true;
        State = SlotState.Done;
    }
}

/// <summary>Where a command is on its way.</summary>
internal enum SlotState : byte
{
    /// <summary>The keys of its queue have to be looked up.</summary>
    NeedsKeys,

    /// <summary>The store could not tell the keys.</summary>
    LookupFailed,

    /// <summary>Its keys are known (or there is no such queue); it is to be authorised.</summary>
    NeedsAuthorisation,

    /// <summary>Authorised, or refused with the error in <see cref="CommandSlot.Refusal"/>.</summary>
    Judged,

    /// <summary>Told to its queue, or answered.</summary>
    Done,

    /// <summary>The queue asks for it to be authorised again.</summary>
    Stale,
}
