using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Transport;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>
/// Judges whether a command is authorised (section 8), given its queue's keys. Every refusal costs one verification of
/// the scheme that the client provided, whether the queue is missing, the key wrong or the command not allowed (S-139,
/// S-140), so that nobody can tell these apart by time.
/// </summary>
internal sealed class CommandAuthoriser(Authorisation authorisation)
{
    /// <summary>Null when the command may go on; else the error to answer.</summary>
    public SmpError? Judge(CommandSlot slot)
    {
        SmpCommand command = slot.Command!;
        bool concernsQueue = BlockProcessor.ConcernsQueue(command.Tag);
        if (concernsQueue && slot.Keys is null)
        {
            return Refuse(slot.Transmission);
        }

        if (slot.HasServiceSignature)
        {
            // Only service sessions add signatures, and this is none (S-185).
            Refuse(slot.Transmission);
            return SmpError.Service;
        }

        return command switch
        {
            NewCommand create => Check(slot.Transmission, create.RecipientKey),
            _ when !concernsQueue => null,
            _ => JudgeForQueue(slot, slot.Keys!),
        };
    }

    private SmpError? JudgeForQueue(CommandSlot slot, CachedKeys cached)
    {
        QueueKeys keys = cached.Keys;
        switch (slot.Command)
        {
            case SendCommand:
                return keys.SenderKey is null
                    ? slot.Transmission.Authorization.IsEmpty ? null : Refuse(slot.Transmission)
                    : Check(slot, cached, keys.SenderKey);
            case SkeyCommand skey:
                return CanSecure(keys, skey.SenderKey) ? Check(slot, cached, skey.SenderKey) : Refuse(slot.Transmission);
            case LkeyCommand lkey:
                return CanSecure(keys, lkey.SenderKey) ? Check(slot, cached, lkey.SenderKey) : Refuse(slot.Transmission);
            case LgetCommand:
                return keys.Mode is QueueMode.Contact || (keys.Mode is null && keys.SenderKey is null) ? null : SmpError.Auth;
            case NsubCommand:
                return keys.NotifierKey is { } notifierKey ? Check(slot, cached, notifierKey) : Refuse(slot.Transmission);
            default:
                return cached.Verify(authorisation, slot.Transmission, keys.RecipientKeys.AsSpan()) ? null : SmpError.Auth;
        }
    }

    /// <summary>S-237, S-238: only messaging queues, and only with the key that they have or will have.</summary>
    private static bool CanSecure(QueueKeys keys, PublicKey senderKey) =>
        keys.Mode is QueueMode.Messaging && (keys.SenderKey is null || keys.SenderKey.Equals(senderKey));

    private SmpError? Check(CommandSlot slot, CachedKeys cached, PublicKey key) =>
        cached.Verify(authorisation, slot.Transmission, [key]) ? null : SmpError.Auth;

    private SmpError? Check(in Transmission transmission, PublicKey key) =>
        authorisation.Verify(transmission, [key]) ? null : SmpError.Auth;

    private SmpError Refuse(in Transmission transmission)
    {
        _ = authorisation.Verify(transmission, []);
        return SmpError.Auth;
    }
}
