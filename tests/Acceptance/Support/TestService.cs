using SimplexActors.Client;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance.Support;

/// <summary>A client service with a certificate of its own.</summary>
public sealed class TestService : IDisposable
{
    private TestService(ServiceLogin login) => Login = login;

    /// <summary>As the client library takes it.</summary>
    public ServiceLogin Login { get; }

    /// <summary>Makes a service.</summary>
    public static async Task<TestService> CreateAsync(
        ServiceRole role = ServiceRole.Messaging, int chainLength = 2, KeyAlgorithm algorithm = KeyAlgorithm.Ed25519)
    {
        (string certificates, string key) = await TestChain.CreatePemAsync(chainLength, algorithm, days: 30, TestContext.Current.CancellationToken);
        return new TestService(new ServiceLogin(role, ServiceCredentials.FromPem(certificates, key)));
    }

    /// <summary>Number and hash as the service itself computes them (S-321).</summary>
    public static ServiceQueues Queues(params EntityId[] ids)
    {
        byte[] hash = new byte[ProtocolHash.QueuesHashLength];
        foreach (EntityId id in ids)
        {
            ProtocolHash.ToggleQueue(hash, id.Bytes);
        }

        return new ServiceQueues(ids.Length, new EntityId(hash));
    }

    /// <summary>Options to connect with.</summary>
    public SmpClientOptions Options(int version = SmpVersion.Current) => new() { MaxVersion = (ushort)version, Service = Login };

    /// <summary>Connects as the service.</summary>
    public async Task<Peer> ConnectAsync(TestRouter router, int version = SmpVersion.Current) =>
        new(await SmpClient.ConnectAsync(router.Address, Options(version), TestContext.Current.CancellationToken));

    /// <summary>Connects as the service; the test decides every byte.</summary>
    public async Task<Wire> ConnectWireAsync(TestRouter router, int version = SmpVersion.Current) =>
        new(await SmpConnection.ConnectAsync(router.Address, Options(version), TestContext.Current.CancellationToken));

    public void Dispose() => Login.Credentials.Dispose();
}
