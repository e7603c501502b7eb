using SimplexActors.Acceptance.Support;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance.Proxy;

/// <summary>Two routers, each a process: one is the proxy, the other the relay. Relays on loopback are allowed.</summary>
public sealed class ProxyFixture : IAsyncLifetime
{
    /// <summary>Lets the proxy of a test reach what listens on this machine.</summary>
    public const string AllowLoopback = "proxy.allow_private_targets=true";

    private readonly TemporaryFolder _proxyFolder = new();
    private readonly TemporaryFolder _relayFolder = new();
    private TestRouter? _proxy;
    private TestRouter? _relay;

    /// <summary>Clients connect to this one.</summary>
    public TestRouter Proxy => _proxy ?? throw new InvalidOperationException("The proxy is not started.");

    /// <summary>Queues are on this one.</summary>
    public TestRouter Relay => _relay ?? throw new InvalidOperationException("The relay is not started.");

    public async ValueTask InitializeAsync()
    {
        _proxy = await TestRouter.StartAsync(_proxyFolder.Path, AllowLoopback);
        _relay = await TestRouter.StartAsync(_relayFolder.Path);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (TestRouter? router in (TestRouter?[])[_proxy, _relay])
        {
            if (router is not null)
            {
                await router.DisposeAsync();
            }
        }

        _proxyFolder.Dispose();
        _relayFolder.Dispose();
    }
}
