using System.Net;
using System.Net.Security;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.Web;

/// <summary>The real program with its pages, and HTTP clients that trust exactly its certificate.</summary>
public sealed class WebRouter : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly List<IDisposable> _clients = [];

    private WebRouter(TemporaryFolder folder, RouterProgram program, RouterAddress address) =>
        (_folder, Program, Address) = (folder, program, address);

    /// <summary>The process.</summary>
    public RouterProgram Program { get; }

    /// <summary>As it printed it.</summary>
    public RouterAddress Address { get; }

    /// <summary>Starts it; <paramref name="settings"/> are keys of the configuration.</summary>
    public static async Task<WebRouter> StartAsync(params string[] settings)
    {
        var folder = new TemporaryFolder();
        var (program, address) = await RouterProgram.StartDevAsync(folder.Path, [.. settings.SelectMany(setting => new[] { "--set", setting })]);
        return new WebRouter(folder, program, address);
    }

    /// <summary>The answer to a request.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        // .NET asks for "localhost" by name, so TLS names the server.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate!.Issuer == "CN=SimpleX router (self-signed)",
            },
        };
        var client = new HttpClient(handler);
        _clients.Add(client);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>A request for a path.</summary>
    public HttpRequestMessage Request(string path, HttpMethod? method = null, string version = "2.0") => new(method ?? HttpMethod.Get, $"https://localhost:{Address.Port}{path}")
    {
        Version = Version.Parse(version),
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    /// <summary>The answer for a path.</summary>
    public Task<HttpResponseMessage> GetAsync(string path, string version = "2.0") => SendAsync(Request(path, HttpMethod.Get, version));

    /// <summary>The page at a path.</summary>
    public async Task<string> TextAsync(string path)
    {
        using HttpResponseMessage response = await GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IDisposable client in _clients)
        {
            client.Dispose();
        }

        await Program.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>One router for the tests of a class.</summary>
public sealed class WebRouterFixture : IAsyncLifetime
{
    private WebRouter? _router;

    /// <summary>The router.</summary>
    public WebRouter Router => _router ?? throw new InvalidOperationException("The router is not started.");

    public async ValueTask InitializeAsync() => _router = await WebRouter.StartAsync();

    public ValueTask DisposeAsync() => _router?.DisposeAsync() ?? ValueTask.CompletedTask;
}
