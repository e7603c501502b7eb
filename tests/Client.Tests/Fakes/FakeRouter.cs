using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Crypto.Certificates;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Transport;
using SimplexActors.Protocol.Transport.Tls;
using Xunit;

namespace SimplexActors.Client.Tests.Fakes;

/// <summary>
/// The peer of failure paths: real TLS and a real hello, but it says only what the test tells it to. A router that
/// behaves is tested in the acceptance tests.
/// </summary>
internal sealed class FakeRouter : IAsyncDisposable
{
    private readonly string _folder;
    private readonly RouterCredentials _credentials;
    private readonly TlsContext _tls;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<FakeSession> _sessions = [];

    public FakeRouter(VersionRange? versions = null)
    {
        _folder = Directory.CreateTempSubdirectory("simplex-client").FullName;
        CredentialFiles.Create(_folder, KeyAlgorithm.Ed25519, "localhost", TimeProvider.System);
        _credentials = RouterCredentials.Load(_folder, TimeProvider.System);
        _tls = TlsContext.ForServer(new TlsServerOptions { Credential = _credentials.Credential });
        _listener.Start();
        Versions = versions ?? new VersionRange(6, 20);
        ServerKey = PrivateKey.Generate(KeyAlgorithm.X25519);
    }

    public VersionRange Versions { get; }

    public PrivateKey ServerKey { get; }

    public ushort Port => (ushort)((IPEndPoint)_listener.LocalEndpoint).Port;

    public RouterAddress Address => AddressOf(_credentials.Identity);

    /// <summary>Changes the hello before it is sent.</summary>
    public Func<ServerHello, ServerHello> Tamper { get; init; } = hello => hello;

    /// <summary>What a client that says it is a service is answered with; null: nothing.</summary>
    public ServiceResponse? Service { get; init; }

    public ImmutableArray<ReadOnlyMemory<byte>> Chain =>
        [.. _credentials.Credential.Chain.Select(certificate => (ReadOnlyMemory<byte>)certificate)];

    public PrivateKey SigningKey => _credentials.SigningKey;

    public RouterAddress AddressOf(byte[] identity, params string[] hostsBefore) => new(
        RouterScheme.Smp,
        new EntityId(identity),
        [.. hostsBefore.Append("127.0.0.1").Select(name => RouterHost.TryParse(name, out RouterHost? host) ? host : throw new ArgumentException(name))],
        Port,
        Password: "secret");

    /// <summary>A client and the router's end of its connection.</summary>
    public async Task<(SmpClient Client, FakeSession Router)> ConnectAsync(SmpClientOptions? options = null)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Task<FakeSession> accepting = AcceptAsync();
        SmpClient client = await SmpClient.ConnectAsync(Address, options, cancellation);
        return (client, await accepting);
    }

    /// <summary>Accepts one connection and says hello.</summary>
    public async Task<FakeSession> AcceptAsync()
    {
        FakeSession session = await AcceptTlsAsync();
        await session.SayHelloAsync(this);
        return session;
    }

    /// <summary>Accepts one connection and says nothing.</summary>
    public async Task<FakeSession> AcceptTlsAsync()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Socket socket = await _listener.AcceptSocketAsync(cancellation);
        var stream = new NetworkStream(socket, ownsSocket: true);
        (TlsStream? tls, TlsFailure? failure) = await TlsStream.AcceptAsync(_tls, new StreamPipes(stream), cancellation);
        Assert.Null(failure);
        var session = new FakeSession(stream, tls!);
        _sessions.Add(session);
        return session;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (FakeSession session in _sessions)
        {
            await session.DisposeAsync();
        }

        _listener.Dispose();
        _tls.Dispose();
        _credentials.Dispose();
        ServerKey.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class StreamPipes(Stream stream) : IDuplexPipe
    {
        public PipeReader Input { get; } = PipeReader.Create(stream);

        public PipeWriter Output { get; } = PipeWriter.Create(stream);
    }
}
