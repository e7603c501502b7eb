using SimplexActors.Actors;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Services;
using SimplexActors.Actors.Storage;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Crypto.Certificates;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Transport;

namespace SimplexActors.Nodes.Edges.Smp.Services;

/// <summary>What connections need of client services: to be recognised in the handshake, and to ask the service itself.</summary>
/// <param name="region">The services.</param>
/// <param name="store">Knows them by their certificates.</param>
/// <param name="directory">Who holds which service.</param>
/// <param name="time">The router's clock.</param>
internal sealed class SmpServices(IEntityRegion<ServiceCommand> region, IServiceStore store, IServiceDirectory directory, TimeProvider time)
{
    /// <summary>Counters and queues of services.</summary>
    public IServiceStore Store => store;

    /// <summary>Who holds a service; null when no connection does.</summary>
    public IServiceSubscriber? HolderOf(in EntityId serviceId) => directory.HolderOf(serviceId);

    /// <summary>Tells a service something and waits for its answer.</summary>
    public async Task<ServiceAnswer> AskAsync(EntityId serviceId, Func<IServiceReply, ServiceCommand> command)
    {
        var reply = new ServiceReplyTask();
        await region.TellAsync(serviceId, command(reply), CancellationToken.None);
        return await reply.Answered;
    }

    /// <summary>Tells a service something that needs no answer.</summary>
    public ValueTask TellAsync(EntityId serviceId, ServiceCommand command) => region.TellAsync(serviceId, command, CancellationToken.None);

    /// <summary>
    /// Judges what a client's hello says of its service (S-098), and finds or makes the service's record (S-101).
    /// </summary>
    /// <param name="hello">From the client.</param>
    /// <param name="tlsChain">Certificates that TLS has verified, leaf first; empty when the client sent none.</param>
    /// <param name="cancellation">Ends the wait for the store; the record may be made all the same.</param>
    /// <returns>The service, or the error to answer.</returns>
    public async ValueTask<(ServiceSession? Service, TransportError Error)> RecogniseAsync(
        ServiceHello hello, IReadOnlyList<byte[]> tlsChain, CancellationToken cancellation)
    {
        var chain = new CertificateChain(tlsChain);
        if (!IsSame(hello.Key, tlsChain) || chain.TryReadLeafKey() is not { } leafKey || !hello.Key.Signed.IsSignedBy(leafKey))
        {
            return (null, TransportError.HandshakeBadAuth);
        }

        byte[] fingerprint = chain.IdentityFingerprint();
        EntityId? serviceId = null;
        try
        {
            for (int attempt = 0; attempt < Limits.ServiceRecordAttempts && serviceId is null; attempt++)
            {
                (EntityId ServiceId, ServiceRole Role)? known = await store.FindAsync(new EntityId(fingerprint), cancellation);
                if (known is { } other && other.Role != hello.Role)
                {
                    return (null, TransportError.HandshakeBadService);
                }

                serviceId = known is { } found
                    ? await UseAsync(found.ServiceId).WaitAsync(cancellation)
                    : await CreateAsync(hello, fingerprint).WaitAsync(cancellation);
            }
        }
        catch (StoreUnavailableException)
        {
            return (null, TransportError.HandshakeBadService);
        }

        return serviceId is { } id
            ? (new ServiceSession(id, hello.Role, fingerprint, hello.Key.Signed.Key), default)
            : (null, TransportError.HandshakeBadService);
    }

    private static bool IsSame(CertifiedKey key, IReadOnlyList<byte[]> chain) =>
        key.Chain.Length == chain.Count && chain.Count is >= 1 and <= CertificateChain.MaxLength
        && key.Chain.Zip(chain).All(pair => pair.First.Span.SequenceEqual(pair.Second))
        && key.Signed.Key.Algorithm is KeyAlgorithm.Ed25519;

    private int Today() => QueueRecord.DayOf(time.GetUtcNow());

    private async Task<EntityId?> UseAsync(EntityId serviceId)
    {
        ServiceAnswer answer = await AskAsync(serviceId, reply => new ServiceCommand.Use(Today(), reply));
        return Judge(answer, serviceId);
    }

    private async Task<EntityId?> CreateAsync(ServiceHello hello, byte[] fingerprint)
    {
        var record = new ServiceRecord
        {
            ServiceId = EntityId.Random(),
            Role = hello.Role,
            Chain = hello.Key.Chain,
            Fingerprint = new EntityId(fingerprint),
            CreatedDay = Today(),
            LastUsedDay = Today(),
        };
        ServiceAnswer answer = await AskAsync(record.ServiceId, reply => new ServiceCommand.Create(record, reply));
        return Judge(answer, record.ServiceId);
    }

    /// <summary>Null when somebody else made or deleted the record meanwhile: look again.</summary>
    private static EntityId? Judge(ServiceAnswer answer, EntityId serviceId) => answer.Outcome switch
    {
        ServiceOutcome.Done => serviceId,
        ServiceOutcome.Conflict => null,
        _ => throw new StoreUnavailableException("The record of a service cannot be stored now."),
    };
}
