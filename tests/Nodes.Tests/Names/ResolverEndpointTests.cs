using SimplexActors.Nodes.Names;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.Names;

/// <summary>Which addresses of a resolver are taken, and what is asked there.</summary>
public sealed class ResolverEndpointTests
{
    [Theory]
    [InlineData("https://gw.example.com:443/snrc", "https://gw.example.com:443/snrc")]
    [InlineData("https://gw.example.com/snrc//", "https://gw.example.com/snrc")]
    [InlineData("http://127.0.0.1:8000", "http://127.0.0.1:8000")]
    [InlineData("http://10.1.2.3/", "http://10.1.2.3")]
    [InlineData("http://[fd00::1]:80", "http://[fd00::1]:80")]
    [InlineData("HTTPS://gw.example.com", "HTTPS://gw.example.com")]
    [Spec("S-359", "S-443")]
    public void Absolute_addresses_are_taken_private_ones_too(string text, string kept) =>
        Assert.Equal(kept, ResolverEndpoint.TryParse(text)?.ToString());

    [Theory]
    [InlineData("gw.example.com/snrc")]
    [InlineData("ftp://gw.example.com:21")]
    [InlineData("file:///etc/hosts")]
    [InlineData("http://")]
    [InlineData("http:///path")]
    [InlineData("http://:8000")]
    [InlineData("http:gw.example.com")]
    [InlineData("//gw.example.com")]
    [InlineData("https://user:pass@gw.example.com")]
    [InlineData("https://user@gw.example.com")]
    [InlineData("https://@gw.example.com")]
    [InlineData("https://gw.example.com:port")]
    [InlineData("https://gw.example.com#part")]
    [InlineData("https://gw.exa mple.com")]
    [InlineData("https:\\\\gw.example.com")]
    [Spec("S-359", "S-443")]
    public void Other_texts_are_not(string text) => Assert.Null(ResolverEndpoint.TryParse(text));

    [Theory]
    [InlineData("http://localhost:8000", false)]
    [InlineData("http://127.0.0.1", false)]
    [InlineData("http://[::1]:80", false)]
    [InlineData("http://0.0.0.0:1", false)]
    [InlineData("https://gw.example.com", false)]
    [InlineData("http://gw.example.com:8000", true)]
    [InlineData("http://127.evil.com:8000", true)]
    [InlineData("http://127.0.0.2", true)]
    [InlineData("http://localhost.example", true)]
    [InlineData("http://10.0.0.1", true)]
    [Spec("S-359", "S-443")]
    public void Plain_http_shows_secrets_except_on_this_machine(string text, bool shows) =>
        Assert.Equal(shows, ResolverEndpoint.TryParse(text)!.ShowsSecrets);

    [Theory]
    [InlineData("http://h", "alice.simplex", "http://h/resolve/alice.simplex")]
    [InlineData("http://h:81/prefix", "a-b.web.example", "http://h:81/prefix/resolve/a-b.web.example")]
    [InlineData("http://h", "a/../b?c#d%", "http://h/resolve/a%2F..%2Fb%3Fc%23d%25")]
    [Spec("S-361", "S-443")]
    public void A_name_is_one_encoded_segment_of_the_path(string endpoint, string name, string asked)
    {
        ResolverEndpoint parsed = ResolverEndpoint.TryParse(endpoint)!;
        Assert.Equal(asked, parsed.Resolve(name).AbsoluteUri);
        Assert.EndsWith("/health", parsed.Health.AbsoluteUri);
    }

    [Theory]
    [InlineData("bearer abc.def", "Bearer abc.def")]
    [InlineData("  BEARER   token ", "Bearer token")]
    [InlineData("Basic user:pass", "Basic dXNlcjpwYXNz")]
    [InlineData("basic user:", "Basic dXNlcjo=")]
    [InlineData("basic user:a:b", "Basic dXNlcjphOmI=")]
    [Spec("S-360")]
    public void The_header_is_made_of_scheme_and_credentials(string text, string header)
    {
        ResolverAuth auth = ResolverAuth.TryParse(text)!;
        Assert.Equal(header, auth.Header.ToString());
        Assert.Contains("not shown", auth.ToString());
        Assert.DoesNotContain(header.Split(' ')[1], auth.ToString());
    }

    [Theory]
    [InlineData("bearer")]
    [InlineData("bearer two words")]
    [InlineData("token")]
    [InlineData("basic user")]
    [InlineData("basic :pass")]
    [InlineData("digest user:pass")]
    [InlineData("bearer tok\u0007en")]
    [Spec("S-360")]
    public void Other_credentials_are_refused(string text) => Assert.Null(ResolverAuth.TryParse(text));
}
