using System.Collections.Immutable;
using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Services.Decisions;

/// <summary>
/// Which connections a service has. Needs nothing that is stored, so it works while the store does not and costs no
/// load. The order of the effects keeps mail from being lost: a connection knows that it belongs to the service before it
/// gets mail, and the mail goes to somebody else before a connection loses the service.
/// </summary>
internal static class Membership
{
    /// <summary>Decides about the commands that concern connections.</summary>
    /// <returns>False for any other command.</returns>
    public static bool TryDecide(
        in EntityId id, ServiceMembers? members, ServiceCommand command, out ServiceMembers? rest, out ImmutableArray<ServiceEffect> effects)
    {
        switch (command)
        {
            case ServiceCommand.Join join:
                rest = Join(id, members, join, out effects);
                return true;
            case ServiceCommand.Subscribe subscribe:
                rest = Subscribe(id, members, subscribe, out effects);
                return true;
            case ServiceCommand.Unsubscribe unsubscribe:
                effects = [];
                rest = members?.Holder.IsSameAs(unsubscribe.Connection) == true ? members with { Subscribed = false } : members;
                return true;
            case ServiceCommand.Renew renew:
                rest = Renewal.Decide(id, members, renew, out effects);
                return true;
            case ServiceCommand.Leave leave:
                rest = Leave(id, members, leave, out effects);
                return true;
            default:
                rest = members;
                return TryPassOn(members, command, out effects);
        }
    }

    /// <summary>What queues have for the holder, whoever that is by now; nobody: the next <c>SUBS</c> finds it in the store.</summary>
    private static bool TryPassOn(ServiceMembers? members, ServiceCommand command, out ImmutableArray<ServiceEffect> effects)
    {
        effects = [];
        bool isForHolder = command is ServiceCommand.Mail or ServiceCommand.NotifierMail or ServiceCommand.HolderEvent;
        if (members is not null)
        {
            effects = command switch
            {
                ServiceCommand.Mail mail => [new ServiceEffect.Mail(members.Holder, mail.RecipientId, mail.Lost)],
                ServiceCommand.NotifierMail mail => [new ServiceEffect.NotifierMail(members.Holder, mail.RecipientId, mail.NotifierId)],
                ServiceCommand.HolderEvent told when told.Cause is null || !members.Holder.IsSameAs(told.Cause) =>
                    [new ServiceEffect.Event(members.Holder, told.EntityId, told.Response)],
                _ => [],
            };
        }

        return isForHolder;
    }

    private static ServiceMembers Join(in EntityId id, ServiceMembers? members, ServiceCommand.Join join, out ImmutableArray<ServiceEffect> effects)
    {
        effects = [];
        var member = new ServiceMember(join.Connection, NextEpoch(members, join));
        if (members is null)
        {
            members = new ServiceMembers([member], Subscribed: false);
            effects = [new ServiceEffect.Joined(join.Connection, Subscribed: false, member.Epoch), new ServiceEffect.Publish(id, join.Connection)];
        }
        else if (members.IndexOf(join.Connection) < 0)
        {
            members = members with { Connections = members.Connections.Add(member) };
            effects = [new ServiceEffect.Joined(join.Connection, Subscribed: false, member.Epoch)];
        }

        effects = Answered(effects, join.ReplyTo, ServiceAnswer.Done);
        return members;
    }

    private static ServiceMembers Subscribe(
        in EntityId id, ServiceMembers? members, ServiceCommand.Subscribe subscribe, out ImmutableArray<ServiceEffect> effects)
    {
        IServiceSubscriber connection = subscribe.Connection;
        if (members is { Subscribed: true } && members.Holder.IsSameAs(connection))
        {
            effects = [new ServiceEffect.Reply(subscribe.ReplyTo, ServiceAnswer.Repeated)];
            return members;
        }

        long epoch = NextEpoch(members, subscribe);
        var previous = ImmutableArray.CreateBuilder<ISubscriber>();
        var told = ImmutableArray.CreateBuilder<ServiceEffect>();
        told.Add(new ServiceEffect.Joined(connection, Subscribed: true, epoch));
        told.Add(new ServiceEffect.Publish(id, connection));
        foreach ((IServiceSubscriber other, _) in members?.Connections ?? [])
        {
            if (!other.IsSameAs(connection))
            {
                bool hadAll = members!.Subscribed && other.IsSameAs(members.Holder);
                told.Add(new ServiceEffect.Ended(other, hadAll ? subscribe.Counters : null));
                previous.Add(other);
            }
        }

        told.Add(new ServiceEffect.Reply(subscribe.ReplyTo, new ServiceAnswer(ServiceOutcome.Done, previous.ToImmutable())));
        effects = told.ToImmutable();
        return new ServiceMembers([new ServiceMember(connection, epoch)], Subscribed: true);
    }

    private static long NextEpoch(ServiceMembers? members, ServiceCommand.Joining command) =>
        Math.Max(command.Epoch, (members?.LastEpoch ?? 0) + 1);

    private static ServiceMembers? Leave(in EntityId id, ServiceMembers? members, ServiceCommand.Leave leave, out ImmutableArray<ServiceEffect> effects)
    {
        effects = [];
        int index = members?.IndexOf(leave.Connection) ?? -1;
        if (index >= 0)
        {
            ImmutableArray<ServiceMember> left = members!.Connections.RemoveAt(index);
            members = left.IsEmpty ? null : new ServiceMembers(left, members.Subscribed && index > 0);
            effects = index == 0 ? [new ServiceEffect.Publish(id, members?.Holder)] : [];
        }

        effects = Answered(effects, leave.ReplyTo, ServiceAnswer.Done);
        return members;
    }

    private static ImmutableArray<ServiceEffect> Answered(ImmutableArray<ServiceEffect> effects, IServiceReply? to, ServiceAnswer answer) =>
        to is null ? effects : effects.Add(new ServiceEffect.Reply(to, answer));
}
