using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Services;

/// <summary>One change of what is stored of a service. Counters of queues change with the queues.</summary>
public abstract record ServiceChange
{
    /// <summary>Adds a service without queues; a conflict when its id or fingerprint is taken.</summary>
    public sealed record Create(ServiceRecord Record) : ServiceChange;

    /// <summary>Sets the day of the last use; a conflict when the service is not stored.</summary>
    public sealed record Use(EntityId ServiceId, int Day) : ServiceChange;
}
