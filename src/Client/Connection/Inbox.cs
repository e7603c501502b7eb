using System.Buffers;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Protocol.Transport;

namespace SimplexActors.Client.Connection;

/// <summary>
/// The receiving half of a client: reads blocks, completes the commands that their responses answer and queues the
/// events. A response with an unknown correlation id is the late answer to a command that nobody waits for any more;
/// it is dropped, except for a message, which the router counts as delivered (C-441).
/// </summary>
internal sealed class Inbox(SmpConnection connection, PendingCommands pending, Subscriptions subscriptions, EventQueue events)
{
    /// <summary>Reads until the router closes the connection.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="InvalidDataException">A block cannot be decrypted or read.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (true)
        {
            await events.WaitForRoomAsync(stopping);
            await connection.WaitForDataAsync(stopping);
            byte[] block = ArrayPool<byte>.Shared.Rent(Block.Length);
            ReadOnlyMemory<byte>? content = await connection.ReceiveAsync(block.AsMemory(0, Block.Length), stopping);
            if (content is null)
            {
                return;
            }

            if (!Take(content.Value))
            {
                // Nothing refers to the block; one that holds a message is given away with it.
                ArrayPool<byte>.Shared.Return(block);
            }
        }
    }

    /// <returns>True when something keeps a part of the block.</returns>
    private bool Take(ReadOnlyMemory<byte> content)
    {
        if (!TransmissionReader.TryOpen(connection.Format, content, out TransmissionReader reader))
        {
            throw new InvalidDataException("A block of the router cannot be read.");
        }

        bool keeps = false;
        while (reader.TryRead(out Transmission received))
        {
            if (received.Fault is not TransmissionFault.None)
            {
                throw new InvalidDataException("A transmission of the router cannot be read.");
            }

            bool isReadable = SmpResponseParser.TryParse(received.Command, connection.Version, out SmpResponse? response);
            keeps |= isReadable && Answers.KeepsBlock(response!);
            if (received.CorrelationId.IsEmpty)
            {
                Report(received.EntityId, response);
            }
            else if (pending.TryTake(received.CorrelationId, out PendingCommand? command))
            {
                Answer(command, received, response);
            }
            else if (response is MsgResponse)
            {
                Report(received.EntityId, response);
            }
        }

        return keeps;
    }

    private void Answer(PendingCommand command, in Transmission received, SmpResponse? response)
    {
        EntityId entity = received.EntityId;
        switch (response)
        {
            case ErrResponse error when entity == command.Entity || entity.IsEmpty:
                if (command is { Tag: SmpCommandTag.SUB or SmpCommandTag.NSUB, Handle: not null } && error.Error == SmpError.Auth)
                {
                    // The queue is gone. Any other refusal leaves a subscription that this connection may have.
                    subscriptions.Remove(command.Entity);
                }

                command.Complete(new RouterRefusal(error.Error));
                break;
            case MsgResponse message when entity == command.Entity && command.Handle is RecipientQueue queue && Answers.MayBringMessage(command.Tag):
                // The event first: the caller may go on to read it.
                ReportMessage(queue, message);
                command.Complete(response);
                break;
            case not null when entity == command.Entity && Answers.Fit(command.Tag, response):
                Remember(command, response);
                command.Complete(response);
                break;
            case not null:
                command.Complete(WrongAnswer.Of(command.Tag, received.Command.Span));
                break;
            default:
                command.Complete(new WrongAnswer(command.Tag) { Problem = SmpResponseParser.ProblemOf(received.Command) });
                break;
        }
    }

    /// <summary>Before the next response is looked at, which may be an event of the same queue.</summary>
    private void Remember(PendingCommand command, SmpResponse response)
    {
        switch (command.Tag)
        {
            case SmpCommandTag.SUB or SmpCommandTag.NSUB when command.Handle is { } handle:
                subscriptions.Add(command.Entity, handle);
                break;
            case SmpCommandTag.NEW when command.Handle is QueueInCreation creation:
                creation.Complete((IdsResponse)response, subscriptions);
                break;
            case SmpCommandTag.DEL:
                subscriptions.Forget(command.Entity);
                break;
        }
    }

    private void Report(in EntityId entity, SmpResponse? response)
    {
        switch (response)
        {
            case MsgResponse message when subscriptions.TryGet(entity, out RecipientQueue? queue):
                ReportMessage(queue, message);
                break;
            case NmsgResponse notified when subscriptions.TryGet(entity, out NotifierQueue? notifier):
                events.Add(new NotificationReceived(notifier, new Notification(notified.Nonce, notified.EncryptedMeta)));
                break;
            case EndResponse:
                subscriptions.Remove(entity);
                events.Add(new SubscriptionEnded(entity));
                break;
            case DeldResponse:
                subscriptions.Forget(entity);
                events.Add(new QueueDeleted(entity));
                break;
            case EndsResponse ends:
                events.Add(new ServiceEnded(ends.Ended));
                break;
            case AllsResponse:
                events.Add(new ServiceDelivered());
                break;
            case ErrResponse { Error: BlockedError blocked }:
                events.Add(new QueueBlocked(entity, blocked.Info));
                break;
            default:
                events.Add(new OtherEvent(entity, response));
                break;
        }
    }

    private void ReportMessage(RecipientQueue queue, MsgResponse message) =>
        events.Add(new EncryptedMessage(queue, message.MessageId, message.Encrypted));
}

/// <summary>A message on its way to the application, whose thread decrypts it.</summary>
internal sealed record EncryptedMessage(RecipientQueue Queue, EntityId MessageId, ReadOnlyMemory<byte> Body) : SmpEvent
{
    /// <summary>The event as the application sees it.</summary>
    public SmpEvent Open() => Queue.TryOpen(MessageId, Body) is { } message
        ? new MessageReceived(Queue, message)
        : new MessageUnreadable(Queue, MessageId);
}
