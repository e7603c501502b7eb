using SimplexActors.Actors.Services;
using SimplexActors.Nodes.Edges.Smp.Renewals;

namespace SimplexActors.Nodes.Edges.Smp.Services;

/// <summary>Leads the answer of a service's new owner back to the connection's turn, which does not wait for it.</summary>
internal sealed class ServiceRenewalReply(SmpConnection connection, RenewalRound round) : IServiceReply
{
    /// <inheritdoc/>
    public void Answer(ServiceAnswer answer) => connection.ServiceRenewed(round, answer.Outcome is ServiceOutcome.Failed);
}
