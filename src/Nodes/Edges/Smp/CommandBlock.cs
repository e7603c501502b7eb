using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>
/// The commands of one received block and their answers. Answers come in any order and from any thread; the block
/// leaves as a whole, in the order of its commands, when the last answer is there. The receiving side waits only for
/// the decisions (<see cref="Decisions"/>), so that commits of several blocks overlap.
/// </summary>
internal sealed class CommandBlock(SmpConnection connection, IReadOnlyList<CommandSlot> slots) : ConnectionEvent, IReplyTarget
{
    private int _unanswered = slots.Count;

    /// <summary>The commands in their order.</summary>
    public IReadOnlyList<CommandSlot> Slots { get; } = slots;

    /// <summary>Counts the commands that were told and not yet decided.</summary>
    public Countdown Decisions { get; } = new();

    /// <summary>Messages of queues that this block names, which follow its answers: <c>SOK</c> comes before the first message.</summary>
    public List<Delivery>? Messages { get; set; }

    /// <summary>True when every command is answered.</summary>
    public bool IsAnswered => Volatile.Read(ref _unanswered) == 0;

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

    private void Answered()
    {
        if (Interlocked.Decrement(ref _unanswered) == 0)
        {
            connection.Wake();
        }
    }
}
