using SimplexActors.Actors;
using SimplexActors.Client;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Protocol.Transport;

namespace SimplexActors.Nodes.Edges.Smp.Proxy;

/// <summary>
/// One connection to a relay, on which the commands of all clients that have its session are forwarded, without waiting
/// for each other. A relay that answers nothing while a command waits for it is not there any more: its connection is closed.
/// </summary>
internal sealed class RelayConnection(SmpClient client, bool isOwn, TimeProvider time) : IAsyncDisposable
{
    private static readonly VersionRange Forwardable = new(SmpVersion.Proxy, SmpVersion.Current);

    private int _outstanding;
    private int _closed;
    private long _lastUse = time.GetTimestamp();
    private long _lastAnswer = time.GetTimestamp();

    /// <summary>Names the session in <c>PKEY</c> and <c>PFWD</c>.</summary>
    public EntityId SessionId { get; } = client.SessionId;

    /// <summary>True for a relay of this router's operator.</summary>
    public bool IsOwn => isOwn;

    /// <summary>What <c>PRXY</c> is answered (S-342).</summary>
    public SmpResponse Key { get; } = KeyOf(client);

    /// <summary>Commands that wait for their answers.</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    /// <summary>Time since somebody asked for the session or used it; zero while a command waits.</summary>
    public TimeSpan Silence => Outstanding > 0 ? TimeSpan.Zero : time.GetElapsedTime(Volatile.Read(ref _lastUse));

    /// <summary>True when nothing can be forwarded any more, though its end may not have got around yet.</summary>
    public bool IsOver => Volatile.Read(ref _closed) != 0;

    /// <summary>A client asks for the session.</summary>
    public void Use() => Volatile.Write(ref _lastUse, time.GetTimestamp());

    /// <summary>Completes when the connection is over, whoever ended it. What relays say on their own is for nobody.</summary>
    public async Task EndAsync()
    {
        await foreach (SmpEvent _ in client.Events)
        {
        }
    }

    /// <summary>
    /// Forwards a command; all of it is taken over before the method first waits, so the memory that it lies in is free then.
    /// </summary>
    /// <returns><c>PRES</c>, or the error for the client.</returns>
    public async Task<SmpResponse> ForwardAsync(EntityId correlationId, PfwdCommand command, CancellationToken cancellation)
    {
        if (client.Version < SmpVersion.Proxy)
        {
            return new ErrResponse(ProxyErrors.Version);
        }

        if (client.Relay is null)
        {
            return new ErrResponse(ProxyErrors.NoAuth);
        }

        if (Interlocked.Increment(ref _outstanding) > Limits.ForwardsPerRelayConnection)
        {
            Interlocked.Decrement(ref _outstanding);
            return new ErrResponse(ProxyErrors.Timeout);
        }

        Use();
        long began = time.GetTimestamp();
        try
        {
            SmpResult<ReadOnlyMemory<byte>> result = await client.ForwardAsync(correlationId, command, cancellation).AsResult();
            if (result.Failure is ConnectionLost || (result.Failure is NoAnswer && Volatile.Read(ref _lastAnswer) < began))
            {
                // Before anybody is told: who asks again then must not be given this session.
                await DisposeAsync();
            }

            return result.Succeeded ? Answered(result.Value) : new ErrResponse(ProxyErrors.Of(result.Failure));
        }
        finally
        {
            Interlocked.Decrement(ref _outstanding);
        }
    }

    /// <summary>Closes the connection; what waits on it fails.</summary>
    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _closed, 1) == 0 ? client.DisposeAsync() : ValueTask.CompletedTask;

    private PresResponse Answered(ReadOnlyMemory<byte> encrypted)
    {
        Volatile.Write(ref _lastAnswer, time.GetTimestamp());
        return new PresResponse(encrypted);
    }

    private static SmpResponse KeyOf(SmpClient client)
    {
        if (client.Version < SmpVersion.Proxy || client.Relay is not { } relay)
        {
            return new ErrResponse(client.Version < SmpVersion.Proxy ? ProxyErrors.Version : ProxyErrors.NoAuth);
        }

        CertifiedKey key = relay.Key;
        return relay.Versions.Intersect(Forwardable) is { } common
            ? new PkeyResponse(client.SessionId, common.Min, common.Max, key.Chain, key.Signed.Der.ToArray())
            : new ErrResponse(ProxyErrors.Version);
    }
}
