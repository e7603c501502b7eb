using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>
/// The commands of one received block and their answers. Answers come in any order and from any thread; the block
/// leaves as a whole, in the order of its commands, when the last answer is there. The receiving side waits only for
/// the decisions (<see cref="Decisions"/>), so that commits of several blocks overlap.
/// </summary>
/// <remarks>
/// A block with a command that was refused for its authorisation leaves no earlier than a fixed time after it came. Every
/// refusal takes a time of its own - a queue that is missing, in memory or on disk, one key or many, a signature to
/// verify or none - but all are over by then, so that nobody can tell them apart by time (S-139, S-140).
/// </remarks>
internal sealed class CommandBlock(ITurnTaker connection, RefusalClock refusals, IReadOnlyList<CommandSlot> slots) : ConnectionEvent, IReplyTarget
{
    private const int Refused = 1;
    private const int Released = 2;

    private readonly long _received = refusals.Receive();
    private int _unanswered = slots.Count;
    private int _hold;

    /// <summary>The commands in their order.</summary>
    public IReadOnlyList<CommandSlot> Slots { get; } = slots;

    /// <summary>Counts the commands that were told and not yet decided.</summary>
    public Countdown Decisions { get; } = new();

    /// <summary>Messages of queues that this block names, which follow its answers: <c>SOK</c> comes before the first message.</summary>
    public List<Delivery>? Messages { get; set; }

    /// <summary>True when every command is answered and the answers may leave.</summary>
    public bool IsAnswered => Volatile.Read(ref _unanswered) == 0 && Volatile.Read(ref _hold) != Refused;

    /// <summary>True when one of the commands is its recipient's to this queue.</summary>
    public bool Names(in EntityId recipientId)
    {
        foreach (CommandSlot slot in Slots)
        {
            if (slot.EntityId == recipientId)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The command will be answered on its own; its block does not wait for it.</summary>
    public void Fork(int slot)
    {
        Slots[slot].Fork();
        Answered();
    }

    /// <inheritdoc/>
    public void Reply(int slot, SmpResponse response)
    {
        if (response is ErrResponse { Error: var error } && (error == SmpError.Auth || error == SmpError.Service))
        {
            Volatile.Write(ref _hold, Refused);
        }

        Slots[slot].Response = response;
        Answered();
    }

    /// <inheritdoc/>
    public void ReplyMessage(int slot, Delivery delivery)
    {
        Slots[slot].Message = delivery;
        Answered();
    }

    /// <inheritdoc/>
    public void ReplyLink(int slot, EntityId linkId, EntityId senderId)
    {
        Slots[slot].Link = (linkId, senderId);
        Answered();
    }

    /// <inheritdoc/>
    public void Stale(int slot)
    {
        Slots[slot].State = SlotState.Stale;
        Decisions.Signal();
    }

    /// <inheritdoc/>
    public void Decided(int slot) => Decisions.Signal();

    /// <summary>Lets the answers leave if their time has come.</summary>
    public bool TryRelease()
    {
        if (!refusals.IsDue(_received, Slots.Count))
        {
            return false;
        }

        Volatile.Write(ref _hold, Released);
        connection.Wake();
        return true;
    }

    private void Answered()
    {
        if (Interlocked.Decrement(ref _unanswered) > 0)
        {
            return;
        }

        if (Volatile.Read(ref _hold) != Refused)
        {
            connection.Wake();
        }
        else if (!TryRelease())
        {
            refusals.Hold(this);
        }
    }
}
