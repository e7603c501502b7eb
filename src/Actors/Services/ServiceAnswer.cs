using System.Collections.Immutable;
using SimplexActors.Actors.Queues;

namespace SimplexActors.Actors.Services;

/// <summary>Answer of a service to whoever told it something.</summary>
/// <param name="Outcome">What happened.</param>
/// <param name="Previous">Connections that lost the service with this command; usually one or none.</param>
public sealed record ServiceAnswer(ServiceOutcome Outcome, ImmutableArray<ISubscriber> Previous)
{
    /// <summary>Carried out, nobody lost anything.</summary>
    public static ServiceAnswer Done { get; } = new(ServiceOutcome.Done, []);

    /// <summary>The holder used <c>SUBS</c> again.</summary>
    public static ServiceAnswer Repeated { get; } = new(ServiceOutcome.Repeated, []);

    /// <summary>The store knows another service, or none.</summary>
    public static ServiceAnswer Conflict { get; } = new(ServiceOutcome.Conflict, []);

    /// <summary>Not carried out.</summary>
    public static ServiceAnswer Failed { get; } = new(ServiceOutcome.Failed, []);
}

/// <summary>How a command to a service ended.</summary>
public enum ServiceOutcome : byte
{
    /// <summary>Carried out.</summary>
    Done = 1,

    /// <summary>It was so before.</summary>
    Repeated,

    /// <summary>The store knows another service with this certificate, or the service is not stored.</summary>
    Conflict,

    /// <summary>The store cannot be used now, or the node is stopping.</summary>
    Failed,
}

/// <summary>Receives the answer of a service.</summary>
public interface IServiceReply
{
    /// <summary>Called once; returns at once.</summary>
    void Answer(ServiceAnswer answer);
}
