using System.Collections.Immutable;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Services.Decisions;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Services;

/// <summary>
/// A client service as an entity: who it is (stored) and which connections it has (not stored). The queues that belong
/// to it know their service themselves, and the store counts them.
/// </summary>
public sealed class ServiceKind : IEntityKind<ServiceState, ServiceRecord, ServiceCommand, ServiceChange, ServiceEffect>
{
    /// <inheritdoc/>
    public ServiceCommand Recovery => ServiceCommand.Recover.Instance;

    /// <inheritdoc/>
    public ServiceDecision Decide(in EntityId id, ServiceState? state, ServiceCommand command, DateTimeOffset now)
    {
        if (Membership.TryDecide(id, state?.Members, command, out ServiceMembers? members, out ImmutableArray<ServiceEffect> effects))
        {
            return new ServiceDecision(Of(state?.Record, members), [], effects, []);
        }

        return command switch
        {
            ServiceCommand.Create create => Registration.Decide(state, create),
            ServiceCommand.Use use => Registration.Decide(state, use),
            ServiceCommand.Recover => new ServiceDecision(state, [], [], []),
            _ => throw new InvalidOperationException($"A service cannot be told {command.GetType().Name}."),
        };
    }

    /// <inheritdoc/>
    public bool CreatesEntity(ServiceCommand command) => command is ServiceCommand.Create;

    /// <inheritdoc/>
    public ServiceState? Activate(in EntityId id, ServiceRecord? row, object? residue) => Of(row, residue as ServiceMembers);

    /// <inheritdoc/>
    public object? Residue(ServiceState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Members;
    }

    /// <inheritdoc/>
    public bool TryDecideResidue(in EntityId id, object? residue, ServiceCommand command, out object? rest, out ImmutableArray<ServiceEffect> effects)
    {
        bool decided = Membership.TryDecide(id, residue as ServiceMembers, command, out ServiceMembers? members, out effects);
        rest = members;
        return decided;
    }

    /// <inheritdoc/>
    public ImmutableArray<ServiceEffect> Refuse(in EntityId id, ServiceCommand command, Refusal refusal)
    {
        IServiceReply? replyTo = command switch
        {
            ServiceCommand.Create create => create.ReplyTo,
            ServiceCommand.Use use => use.ReplyTo,
            ServiceCommand.Join join => join.ReplyTo,
            ServiceCommand.Subscribe subscribe => subscribe.ReplyTo,
            ServiceCommand.Leave leave => leave.ReplyTo,
            ServiceCommand.Renew renew => renew.ReplyTo,
            _ => null,
        };
        return replyTo is null ? [] : [new ServiceEffect.Reply(replyTo, ServiceAnswer.Failed)];
    }

    /// <inheritdoc/>
    public void Decided(ServiceCommand command, ImmutableArray<ServiceEffect> effects)
    {
        // Whoever tells a service something waits for its answer, not for its decision.
    }

    private static ServiceState? Of(ServiceRecord? record, ServiceMembers? members) =>
        record is null && members is null ? null : new ServiceState(record, members);
}
