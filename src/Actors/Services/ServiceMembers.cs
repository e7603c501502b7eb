using System.Collections.Immutable;

namespace SimplexActors.Actors.Services;

/// <summary>The connections of a service, never stored. Immutable.</summary>
/// <param name="Connections">The holder first, then the others in the order in which they joined; at least one.</param>
/// <param name="Subscribed">The holder used <c>SUBS</c> or <c>NSUBS</c>, so it was told of everything that was stored.</param>
public sealed record ServiceMembers(ImmutableArray<IServiceSubscriber> Connections, bool Subscribed)
{
    /// <summary>Receives the mail of queues that nobody is attached to.</summary>
    public IServiceSubscriber Holder => Connections[0];
}
