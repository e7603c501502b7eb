using System.Collections.Immutable;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Services.Decisions;

/// <summary>
/// How the connections of a service come together again after its owner changed. They come in any order; what counts is
/// the order in which they joined and subscribed, which their epochs tell: the last that subscribed holds the service,
/// and whoever joined before that has lost it.
/// </summary>
internal static class Renewal
{
    /// <summary>Decides about one connection.</summary>
    public static ServiceMembers Decide(
        in EntityId id, ServiceMembers? members, ServiceCommand.Renew renew, out ImmutableArray<ServiceEffect> effects)
    {
        var renewed = new ServiceMember(renew.Connection, renew.Epoch);
        var done = new ServiceEffect.Reply(renew.ReplyTo, ServiceAnswer.Done);
        if (members is null)
        {
            effects = [new ServiceEffect.Publish(id, renew.Connection), done];
            return new ServiceMembers([renewed], renew.Subscribed);
        }

        // By its epoch the connection is known when its node joined again under another number and its end is not known here yet.
        int index = members.IndexOf(renew.Connection) is >= 0 and var known ? known : members.IndexOf(renew.Epoch);
        if (index >= 0 && members.Connections[index] is var (present, epoch))
        {
            if (ReferenceEquals(present, renew.Connection) && epoch >= renew.Epoch)
            {
                effects = [done];
                return members;
            }

            renewed = renewed with { Epoch = Math.Max(epoch, renew.Epoch) };
        }

        bool holds = renew.Subscribed || (index == 0 && members.Subscribed);
        ImmutableArray<ServiceMember> others = index < 0 ? members.Connections : members.Connections.RemoveAt(index);
        if (members.Subscribed && index != 0 && members.Connections[0].Epoch >= renewed.Epoch)
        {
            effects = [new ServiceEffect.Ended(renew.Connection, null), done];
            return members;
        }

        return holds
            ? Hold(id, others, renewed, done, out effects)
            : Follow(id, members, index, renewed, done, out effects);
    }

    private static ServiceMembers Hold(
        in EntityId id, ImmutableArray<ServiceMember> others, ServiceMember holder, ServiceEffect done, out ImmutableArray<ServiceEffect> effects)
    {
        effects =
        [
            new ServiceEffect.Publish(id, holder.Connection),
            .. others.Where(other => other.Epoch < holder.Epoch).Select(other => new ServiceEffect.Ended(other.Connection, null)),
            done,
        ];
        return new ServiceMembers([holder, .. others.Where(other => other.Epoch >= holder.Epoch)], Subscribed: true);
    }

    private static ServiceMembers Follow(
        in EntityId id, ServiceMembers members, int index, ServiceMember renewed, ServiceEffect done, out ImmutableArray<ServiceEffect> effects)
    {
        effects = index == 0 ? [new ServiceEffect.Publish(id, renewed.Connection), done] : [done];
        return members with { Connections = index < 0 ? members.Connections.Add(renewed) : members.Connections.SetItem(index, renewed) };
    }
}
