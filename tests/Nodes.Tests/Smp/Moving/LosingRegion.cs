using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Nodes.Tests.Smp.Moving;

/// <summary>Loses the answer of an acknowledgement, as on the way from a slow owner: it is carried out, and refused here before the answer comes.</summary>
internal sealed class LosingRegion(IEntityRegion<QueueCommand> next) : IEntityRegion<QueueCommand>
{
    private int _losesNext;

    public void LoseNext() => Volatile.Write(ref _losesNext, 1);

    public async ValueTask TellAsync(EntityId id, QueueCommand command, CancellationToken cancellation)
    {
        if (command is QueueCommand.Client { Command: AckCommand } acknowledgement && Interlocked.Exchange(ref _losesNext, 0) == 1)
        {
            ReplyTo waiting = acknowledgement.ReplyTo;
            await next.TellAsync(id, acknowledgement with { ReplyTo = new ReplyTo(new Nobody(), 0) }, cancellation);
            waiting.Target.Decided(waiting.Slot);
            waiting.Target.Reply(waiting.Slot, new ErrResponse(StoreError.Unavailable));
        }
        else
        {
            await next.TellAsync(id, command, cancellation);
        }
    }

    /// <summary>Hears nothing.</summary>
    private sealed class Nobody : IReplyTarget
    {
        public void Reply(int slot, SmpResponse response)
        {
        }

        public void ReplyMessage(int slot, Delivery delivery)
        {
        }

        public void ReplyLink(int slot, EntityId linkId, EntityId senderId)
        {
        }

        public void Stale(int slot)
        {
        }

        public void Decided(int slot)
        {
        }
    }
}
