using SimplexActors.Actors.Queues;
using SimplexActors.Nodes.Edges.Smp.Services;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Transport;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>
/// Judges whether a command is authorised (section 8), given its queue's keys: missing queue, role of the service,
/// signature of the service, authorization, in this order (S-183). Every refusal costs one verification of the scheme that
/// the client provided, whether the queue is missing, the key wrong or the command not allowed (S-139, S-140), so that
/// nobody can tell these apart by time.
/// </summary>
/// <param name="authorisation">Verifies commands of the session.</param>
/// <param name="service">The client service of the session; null for ordinary clients.</param>
internal sealed class CommandAuthoriser(Authorisation authorisation, ServiceSession? service)
{
    /// <summary>Null when the command may go on; else the error to answer.</summary>
    public SmpError? Judge(CommandSlot slot)
    {
        SmpCommand command = slot.Command!;
        bool concernsQueue = BlockProcessor.ConcernsQueue(command.Tag);

        // Before the queue is looked at, so that it takes the time that it takes in any case.
        bool isServiceSigned = IsServiceSigned(slot);
        if (concernsQueue && slot.Keys is null)
        {
            return Refuse(slot, SmpError.Auth);
        }

        if (service is not null && CommandParties.RoleOf(command.Tag) is { } role && role != service.Role)
        {
            return Refuse(slot, CmdError.Prohibited);
        }

        if (command is SubsCommand or NsubsCommand)
        {
            return JudgeForService(slot);
        }

        return isServiceSigned ? JudgeCommand(slot, concernsQueue) : Refuse(slot, SmpError.Service);
    }

    /// <summary>S-135, S-185: in a service session it signs what makes queues its own; nothing else is signed by a service.</summary>
    private bool IsServiceSigned(CommandSlot slot) => service is not null && IsForService(slot)
        ? authorisation.VerifyService(slot.Transmission, service.Key)
        : !slot.HasServiceSignature;

    private static bool IsForService(CommandSlot slot) => slot.Command is NewCommand or SubCommand or NsubCommand;

    /// <summary>What queue keys authorise in front of the transmission.</summary>
    private ReadOnlySpan<byte> FingerprintFor(CommandSlot slot) =>
        service is not null && slot.HasServiceSignature && IsForService(slot) ? service.Fingerprint.Span : default;

    /// <summary>S-144: the session key of the service authorises <c>SUBS</c> and <c>NSUBS</c>, for the service itself.</summary>
    private SmpError? JudgeForService(CommandSlot slot) =>
        service is null || slot.HasServiceSignature || slot.EntityId != service.ServiceId
            ? Refuse(slot, SmpError.Service)
            : authorisation.Verify(slot.Transmission, [service.Key]) ? null : SmpError.Service;

    private SmpError? JudgeCommand(CommandSlot slot, bool concernsQueue) => slot.Command switch
    {
        NewCommand create => authorisation.Verify(slot.Transmission, [create.RecipientKey], FingerprintFor(slot)) ? null : SmpError.Auth,
        _ when !concernsQueue => null,
        _ => JudgeForQueue(slot, slot.Keys!),
    };

    private SmpError? JudgeForQueue(CommandSlot slot, CachedKeys cached)
    {
        QueueKeys keys = cached.Keys;
        switch (slot.Command)
        {
            case SendCommand:
                return keys.SenderKey is null
                    ? slot.Transmission.Authorization.IsEmpty ? null : Refuse(slot, SmpError.Auth)
                    : Check(slot, cached, keys.SenderKey);
            case SkeyCommand skey:
                return CanSecure(keys, skey.SenderKey) ? Check(slot, cached, skey.SenderKey) : Refuse(slot, SmpError.Auth);
            case LkeyCommand lkey:
                return CanSecure(keys, lkey.SenderKey) ? Check(slot, cached, lkey.SenderKey) : Refuse(slot, SmpError.Auth);
            case LgetCommand:
                return keys.Mode is QueueMode.Contact || (keys.Mode is null && keys.SenderKey is null) ? null : SmpError.Auth;
            case NsubCommand:
                return keys.NotifierKey is { } notifierKey ? Check(slot, cached, notifierKey) : Refuse(slot, SmpError.Auth);
            default:
                return cached.Verify(authorisation, slot.Transmission, keys.RecipientKeys.AsSpan(), FingerprintFor(slot)) ? null : SmpError.Auth;
        }
    }

    /// <summary>S-237, S-238: only messaging queues, and only with the key that they have or will have.</summary>
    private static bool CanSecure(QueueKeys keys, PublicKey senderKey) =>
        keys.Mode is QueueMode.Messaging && (keys.SenderKey is null || keys.SenderKey.Equals(senderKey));

    private SmpError? Check(CommandSlot slot, CachedKeys cached, PublicKey key) =>
        cached.Verify(authorisation, slot.Transmission, [key], FingerprintFor(slot)) ? null : SmpError.Auth;

    private SmpError Refuse(CommandSlot slot, SmpError error)
    {
        _ = authorisation.Verify(slot.Transmission, [], FingerprintFor(slot));
        return error;
    }
}
