using SimplexActors.Nodes.Configuration;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.Configuration;

/// <summary>The section of the proxy.</summary>
public sealed class ProxyConfigTests
{
    [Fact]
    [Spec("S-337", "S-338", "S-340", "S-341", "S-354")]
    public void The_defaults_are_those_of_the_reference()
    {
        ProxyConfig config = Load();
        Assert.True(config.Enabled);
        Assert.Empty(config.OwnServerDomains);
        Assert.Equal(
            (false, false, false, 32, TimeSpan.FromSeconds(45), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30)),
            (config.Options.SocksAlways, config.Options.PreferOnion, config.Options.RequirePreferred, config.Options.ClientConcurrency,
                config.Options.ConnectTimeout, config.Options.ResponseTimeout, config.Options.FailureTime));
        Assert.Null(config.Options.Socks);
        Assert.False(config.Options.AllowPrivateTargets);
    }

    [Theory]
    [Spec("S-341")]
    [InlineData("localhost:9050")]
    [InlineData("127.0.0.1:9050")]
    [InlineData("[::1]:9050")]
    [InlineData("user:pass:word@tor.example:9050")]
    public void A_SOCKS_proxy_is_a_host_and_a_port(string text) =>
        Assert.NotNull(Load(("proxy.socks_proxy", text), ("proxy.socks_mode", "always"), ("proxy.host_mode", "onion")).Options.Socks);

    [Theory]
    [InlineData("proxy.socks_proxy", "localhost", "must be HOST:PORT")]
    [InlineData("proxy.socks_proxy", "localhost:0", "must be HOST:PORT")]
    [InlineData("proxy.socks_proxy", "localhost:70000", "must be HOST:PORT")]
    [InlineData("proxy.socks_proxy", "user@localhost:9050", "must be HOST:PORT")]
    [InlineData("proxy.socks_proxy", ":password@localhost:9050", "must be HOST:PORT")]
    [InlineData("proxy.socks_mode", "sometimes", "must be one of onion, always")]
    [InlineData("proxy.socks_mode", "always", "proxy.socks_proxy must be set")]
    [InlineData("proxy.host_mode", "onion", "proxy.socks_proxy must be set")]
    [InlineData("proxy.client_concurrency", "0", "must be a whole number from 1 to 1000")]
    [InlineData("proxy.idle_time", "0 s", "must be a time with its unit")]
    public void What_is_not_allowed_is_named(string key, string value, string problem)
    {
        ConfigException refusal = Assert.Throws<ConfigException>(() => Load((key, value)));
        Assert.Contains(problem, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("password@", refusal.Message, StringComparison.Ordinal);
    }

    private static ProxyConfig Load(params (string Key, string Value)[] values) =>
        ConfigLoader.Load(null, values.ToDictionary(value => value.Key, value => value.Value)).Proxy;
}
