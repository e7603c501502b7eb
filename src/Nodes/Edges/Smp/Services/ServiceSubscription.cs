using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Services;
using SimplexActors.Actors.Statistics;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Nodes.Edges.Smp.Services;

/// <summary>What the receiving side of a service's connection does before a queue is told anything.</summary>
internal static class ServiceSubscription
{
    /// <summary>Carries out <c>SUBS</c> or <c>NSUBS</c> (S-314, S-319).</summary>
    /// <returns>The answer; what is stored follows it.</returns>
    public static async ValueTask<SmpResponse> SubscribeAsync(SmpRouter router, ServiceSession service, SmpConnection connection, ServiceQueues expected)
    {
        ServiceQueues counters;
        try
        {
            counters = await router.Services.Store.CountAsync(service.ServiceId, CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            return new ErrResponse(StoreError.Unavailable);
        }

        bool isMember = connection.IsServiceMember;
        ServiceAnswer answer = await router.Services.AskAsync(
            service.ServiceId, reply => new ServiceCommand.Subscribe(connection, counters, reply));
        switch (answer.Outcome)
        {
            case ServiceOutcome.Done:
                if (!isMember)
                {
                    EdgeCounts.Add(router.Statistics, Counter.RcvServicesSubCount, service);
                }

                EdgeCounts.AddServiceSubscription(router.Statistics, service, expected, counters);
                connection.SendStored(answer.Previous);
                return new SoksResponse(counters);
            case ServiceOutcome.Repeated:
                EdgeCounts.Add(router.Statistics, Counter.RcvServicesSubDuplicate, service);
                return new SoksResponse(counters);
            default:
                return new ErrResponse(SmpError.Internal);
        }
    }

    /// <summary>
    /// Before the connection subscribes to a single queue, its service knows it, so that whoever takes over the service
    /// can tell it (S-313).
    /// </summary>
    /// <returns>Null when the command may go on, else the answer.</returns>
    public static async ValueTask<SmpResponse?> JoinAsync(SmpRouter router, ServiceSession service, SmpConnection connection)
    {
        if (connection.IsServiceMember)
        {
            return null;
        }

        ServiceAnswer answer = await router.Services.AskAsync(service.ServiceId, reply => new ServiceCommand.Join(connection, reply));
        if (answer.Outcome is not ServiceOutcome.Done)
        {
            return new ErrResponse(SmpError.Internal);
        }

        EdgeCounts.Add(router.Statistics, Counter.RcvServicesSubCount, service);
        return null;
    }
}
