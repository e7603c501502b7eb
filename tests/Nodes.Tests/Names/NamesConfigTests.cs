using SimplexActors.Nodes.Configuration;
using SimplexActors.Nodes.Names;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.Names;

/// <summary>The section <c>names</c>.</summary>
public sealed class NamesConfigTests
{
    [Fact]
    [Spec("S-358")]
    public void Names_are_off_by_default()
    {
        NamesConfig names = Load().Names;
        Assert.Equal(new NamesConfig(false, null, null, TimeSpan.FromSeconds(3), 16_000, 1000), names);
        Assert.Null(names.ToOptions());
        Assert.Null(Load(("names.resolver_endpoint", "http://localhost:8000")).Names.ToOptions());
    }

    [Fact]
    [Spec("S-358", "S-359", "S-360")]
    public void Everything_that_is_set_reaches_the_resolver()
    {
        ResolverOptions? options = Load(
            ("names.enabled", "on"),
            ("names.resolver_endpoint", "http://localhost:8000/names/"),
            ("names.resolver_auth", "basic router:secret"),
            ("names.resolver_timeout", "100 ms"),
            ("names.resolver_max_response_bytes", "1024"),
            ("names.resolver_concurrency", "1")).Names.ToOptions();
        Assert.NotNull(options);
        Assert.Equal("http://localhost:8000/names", options.Endpoint.ToString());
        Assert.Equal("Basic", options.Auth?.Header.Scheme);
        Assert.Equal((TimeSpan.FromMilliseconds(100), 1024, 1), (options.Timeout, options.MaxResponseBytes, options.Concurrency));
    }

    [Theory]
    [InlineData("names.resolver_timeout", "99 ms", "from 100 ms to 1 minute")]
    [InlineData("names.resolver_timeout", "61 s", "from 100 ms to 1 minute")]
    [InlineData("names.resolver_timeout", "3000", "a time with its unit")]
    [InlineData("names.resolver_max_response_bytes", "1023", "a whole number from 1024 to 16000")]
    [InlineData("names.resolver_max_response_bytes", "16001", "a whole number from 1024 to 16000")]
    [InlineData("names.resolver_max_response_bytes", "1.5", "a whole number from 1024 to 16000")]
    [InlineData("names.resolver_concurrency", "0", "a whole number from 1 to 100000")]
    [InlineData("names.enabled", "perhaps", "true or false")]
    [InlineData("names.resolver_endpoint", "ftp://h", "an address with http:// or https://, a host and no user name")]
    [InlineData("names.resolver_auth", "token", "\"bearer TOKEN\" or \"basic USER:PASSWORD\"")]
    [Spec("S-358", "S-359", "S-360")]
    public void Values_out_of_range_are_refused(string key, string value, string allowed)
    {
        string problem = Assert.Single(Refused((key, value)));
        Assert.StartsWith($"{key} = ", problem);
        Assert.Contains(allowed, problem);
    }

    [Fact]
    [Spec("S-358")]
    public void Names_need_a_resolver() =>
        Assert.Equal("names.resolver_endpoint must be an address when names.enabled is true", Assert.Single(Refused(("names.enabled", "on"))));

    [Fact]
    [Spec("S-359")]
    public void A_password_over_plain_http_stays_on_this_machine()
    {
        (string, string) auth = ("names.resolver_auth", "bearer secret");
        Assert.Contains("must begin with https", Assert.Single(Refused(auth, ("names.resolver_endpoint", "http://resolver.example"))));
        Assert.NotNull(Load(auth, ("names.resolver_endpoint", "https://resolver.example")).Names.Endpoint);
        Assert.NotNull(Load(auth, ("names.resolver_endpoint", "http://[::1]:8000")).Names.Endpoint);
        Assert.NotNull(Load(("names.resolver_endpoint", "http://resolver.example")).Names.Endpoint);
    }

    [Theory]
    [InlineData("names.resolver_auth", "nonsense swordfish swordfish")]
    [InlineData("names.resolver_endpoint", "https://user:swordfish@resolver.example")]
    [Spec("S-360")]
    public void Refused_secrets_are_not_shown(string key, string value) => Assert.DoesNotContain("swordfish", Assert.Single(Refused((key, value))));

    private static RouterConfig Load(params (string Key, string Value)[] options) =>
        ConfigLoader.Load(null, options.ToDictionary(option => option.Key, option => option.Value));

    private static IReadOnlyList<string> Refused(params (string Key, string Value)[] options) =>
        Assert.Throws<ConfigException>(() => Load(options)).Problems;
}
