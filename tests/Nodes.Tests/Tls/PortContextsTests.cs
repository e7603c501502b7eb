using SimplexActors.Nodes.Edges.Tls;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.Tls;

/// <summary>Which TLS settings a port has.</summary>
public sealed class PortContextsTests
{
    [Fact]
    [Spec("S-046")]
    public void Only_the_port_that_browsers_share_has_the_wider_settings()
    {
        using var router = new TestCredentials();
        using var web = new TestCredentials();
        using var contexts = new PortContexts(router.Router.Credential, web.Router.Credential, sharedPort: 443);
        Assert.NotSame(contexts.Of(443), contexts.Of(5223));
        Assert.Same(contexts.Of(5223), contexts.Of(5224));
    }

    [Fact]
    [Spec("S-054")]
    public void Without_a_web_credential_all_ports_are_alike()
    {
        using var router = new TestCredentials();
        using var contexts = new PortContexts(router.Router.Credential, web: null, sharedPort: 443);
        Assert.Same(contexts.Of(443), contexts.Of(5223));
    }
}
