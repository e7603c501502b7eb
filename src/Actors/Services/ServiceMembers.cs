using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace SimplexActors.Actors.Services;

/// <summary>The connections of a service, never stored. Immutable.</summary>
/// <param name="Connections">The holder first, then the others in the order in which they joined; at least one.</param>
/// <param name="Subscribed">The holder used <c>SUBS</c> or <c>NSUBS</c>, so it was told of everything that was stored.</param>
public sealed record ServiceMembers(ImmutableArray<ServiceMember> Connections, bool Subscribed)
{
    /// <summary>Receives the mail of queues that nobody is attached to.</summary>
    public IServiceSubscriber Holder => Connections[0].Connection;

    /// <summary>Of the connection that joined or subscribed last.</summary>
    public long LastEpoch => Connections.Max(member => member.Epoch);

    /// <summary>Position of a connection; negative when it is none of these.</summary>
    public int IndexOf(IServiceSubscriber connection) => IndexOf(member => member.Connection.IsSameAs(connection));

    /// <summary>Position of the connection that joined or subscribed with this epoch; negative when it is none of these.</summary>
    public int IndexOf(long epoch) => IndexOf(member => member.Epoch == epoch);

    private int IndexOf(Func<ServiceMember, bool> which)
    {
        for (int i = 0; i < Connections.Length; i++)
        {
            if (which(Connections[i]))
            {
                return i;
            }
        }

        return -1;
    }
}

/// <summary>One connection of a service.</summary>
/// <param name="Connection">The connection.</param>
/// <param name="Epoch">Of its joining or, for a holder that subscribed, of that.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ServiceMember(IServiceSubscriber Connection, long Epoch);
