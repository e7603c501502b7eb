using SimplexActors.Actors;
using SimplexActors.Actors.Statistics;
using SimplexActors.Client;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Nodes.Edges.Smp.Proxy;

/// <summary>The router as a proxy: what <c>PRXY</c> and <c>PFWD</c> are answered (section 22).</summary>
/// <param name="directory">The relays.</param>
/// <param name="password">What clients must know to have commands forwarded, as to create queues (S-337).</param>
/// <param name="statistics">Counts the answers.</param>
internal sealed class ProxyRole(RelayDirectory directory, RequiredPassword password, RouterStatistics statistics)
{
    private static readonly ErrResponse Refused = new(SmpError.ProxyBasicAuth);
    private static readonly ErrResponse NoSession = new(SmpError.ProxyNoSession);
    private static readonly ErrResponse NoRoom = new(ProxyErrors.Timeout);

    private int _forwards;

    /// <summary>Answers <c>PRXY</c>.</summary>
    /// <param name="client">The sessions of the client that asks.</param>
    /// <param name="command">The relay and the client's password.</param>
    /// <param name="cancellation">The client is gone.</param>
    public async Task<SmpResponse> OpenAsync(ClientRelays client, PrxyCommand command, CancellationToken cancellation)
    {
        if (!password.Accepts(command.BasicAuth))
        {
            return Refused;
        }

        var relay = new RouterAddress(RouterScheme.Smp, command.KeyHash, command.Hosts, command.Port ?? SmpClientOptions.DefaultPort);
        SmpResponse answer = await OpenAsync(client, relay, cancellation);
        ProxyCounts.AddSession(statistics, directory.IsOwn(relay), answer);
        return answer;
    }

    /// <summary>
    /// Answers <c>PFWD</c>. The command is taken over before the method first waits: the block that it lies in is then free.
    /// </summary>
    /// <param name="slot">With the relay session as entity.</param>
    /// <param name="command">The command of the slot.</param>
    /// <param name="cancellation">The client is gone.</param>
    public async Task<SmpResponse> ForwardAsync(CommandSlot slot, PfwdCommand command, CancellationToken cancellation)
    {
        RelayConnection? connection = directory.Find(slot.EntityId);
        SmpResponse answer = connection is null ? NoSession : await ForwardAsync(connection, slot.CorrelationId, command, cancellation);
        ProxyCounts.AddForward(statistics, connection is { IsOwn: true }, answer);
        return answer;
    }

    private async Task<SmpResponse> OpenAsync(ClientRelays client, RouterAddress relay, CancellationToken cancellation)
    {
        if (client.Find(relay) is { } session && directory.Find(session) is { } known)
        {
            known.Use();
            return known.Key;
        }

        RelayOutcome outcome = await directory.GetAsync(relay, cancellation);
        if (outcome.Connection is not { } connection)
        {
            return new ErrResponse(outcome.Error!);
        }

        client.Remember(relay, connection.SessionId);
        return connection.Key;
    }

    private async Task<SmpResponse> ForwardAsync(
        RelayConnection connection, EntityId correlationId, PfwdCommand command, CancellationToken cancellation)
    {
        try
        {
            return Interlocked.Increment(ref _forwards) > Limits.ForwardsPerNode
                ? NoRoom
                : await connection.ForwardAsync(correlationId, command, cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _forwards);
        }
    }
}
