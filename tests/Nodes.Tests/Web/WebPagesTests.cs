using System.IO.Compression;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.Web;

/// <summary>What browsers and phones can ask a router for, over real TLS.</summary>
public sealed partial class WebPagesTests(WebRouterFixture fixture) : IClassFixture<WebRouterFixture>
{
    private WebRouter Router => fixture.Router;

    public static TheoryData<string, string> Links
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string action in (string[])["contact", "invitation", "a", "c", "g", "r", "i"])
            {
                data.Add($"/{action}", action);
                data.Add($"/{action}/", action);
            }

            return data;
        }
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    [Spec("S-054", "O-212", "O-225")]
    public async Task The_information_page_is_served(string version)
    {
        using HttpResponseMessage response = await Router.GetAsync("/", version);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Version.Parse(version), response.Version);
        Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Contains($">{Router.Address}<", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(Links))]
    [Spec("O-212", "O-219", "O-221")]
    public async Task Every_kind_of_link_has_its_page(string path, string action)
    {
        string page = await Router.TextAsync(path);
        Assert.Contains($"data-action=\"{action}\"", page);
        Assert.Contains("<meta name=\"robots\" content=\"noindex\">", page);
    }

    [Theory]
    [InlineData("/contact/more")]
    [InlineData("/A")]
    [InlineData("/x")]
    [InlineData("/assets/")]
    [InlineData("/.well-known/")]
    [InlineData("/well-known/assetlinks.json")]
    [InlineData("/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/assets/../../single.conf")]
    [Spec("O-221", "O-223")]
    public async Task Anything_else_is_not_found(string path)
    {
        using HttpResponseMessage response = await Router.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("There is no such page", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        AssertProtected(response);
    }

    [Fact, Spec("O-220")]
    public async Task Phones_learn_that_the_app_opens_links_of_this_host()
    {
        using HttpResponseMessage apple = await Router.GetAsync("/.well-known/apple-app-site-association");
        Assert.Equal("application/json", apple.Content.Headers.ContentType?.ToString());
        using JsonDocument association = JsonDocument.Parse(await apple.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        JsonElement details = association.RootElement.GetProperty("applinks").GetProperty("details")[0];
        Assert.Equal("5NN7GUYB6T.chat.simplex.app", details.GetProperty("appIDs")[0].GetString());
        Assert.Equal(
            ["/contact", "/contact/*", "/invitation", "/invitation/*", "/a", "/a/*", "/c", "/c/*", "/g", "/g/*", "/i", "/i/*"],
            details.GetProperty("components").EnumerateArray().Select(component => component.GetProperty("/").GetString()));

        using HttpResponseMessage android = await Router.GetAsync("/.well-known/assetlinks.json");
        Assert.Equal("application/json", android.Content.Headers.ContentType?.ToString());
        using JsonDocument links = JsonDocument.Parse(await android.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        JsonElement target = links.RootElement[0].GetProperty("target");
        Assert.Equal("chat.simplex.app", target.GetProperty("package_name").GetString());
        Assert.Equal("delegate_permission/common.handle_all_urls", links.RootElement[0].GetProperty("relation")[0].GetString());
        Assert.Equal(3, target.GetProperty("sha256_cert_fingerprints").EnumerateArray().Select(print => print.GetString()!).Distinct()
            .Count(print => Regex.IsMatch(print, "^[0-9A-F]{2}(:[0-9A-F]{2}){31}$")));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/a")]
    [InlineData("/nothing")]
    [Spec("O-212")]
    public async Task Pages_load_only_what_this_router_serves(string path)
    {
        using HttpResponseMessage response = await Router.GetAsync(path);
        AssertProtected(response);
        string page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        string[] loaded = [.. Loads().Matches(page).Select(match => match.Groups[1].Value)];
        Assert.NotEmpty(loaded);
        foreach (string asset in loaded)
        {
            using HttpResponseMessage part = await Router.GetAsync(asset);
            Assert.Equal(HttpStatusCode.OK, part.StatusCode);
            Assert.Equal("public, max-age=31536000, immutable", part.Headers.CacheControl?.ToString());
        }
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("TRACE")]
    [InlineData("BREW")]
    public async Task Pages_are_only_read(string method)
    {
        using HttpResponseMessage response = await Router.SendAsync(Router.Request("/", new HttpMethod(method)));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["GET", "HEAD"], response.Content.Headers.Allow);
        AssertProtected(response);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Head_tells_what_get_would_send(string version)
    {
        using HttpResponseMessage get = await Router.GetAsync("/a", version);
        using HttpResponseMessage head = await Router.SendAsync(Router.Request("/a", HttpMethod.Head, version));
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(get.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Equal(get.Headers.ETag, head.Headers.ETag);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_the_browser_has_is_not_sent_again()
    {
        using HttpResponseMessage first = await Router.GetAsync("/");
        Assert.Equal("no-cache", first.Headers.CacheControl?.ToString());
        HttpRequestMessage again = Router.Request("/");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using HttpResponseMessage second = await Router.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));

        HttpRequestMessage changed = Router.Request("/");
        changed.Headers.TryAddWithoutValidation("If-None-Match", "\"something-else\"");
        Assert.Equal(HttpStatusCode.OK, (await Router.SendAsync(changed)).StatusCode);
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("br;q=0, gzip", "gzip")]
    [InlineData("deflate", null)]
    [InlineData("*", "br")]
    [Spec("O-222")]
    public async Task Pages_are_compressed_as_the_browser_can_read_them(string accepted, string? coding)
    {
        HttpRequestMessage request = Router.Request("/");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        using HttpResponseMessage response = await Router.SendAsync(request);
        Assert.Equal(coding is null ? [] : [coding], response.Content.Headers.ContentEncoding);
        Assert.Equal(["Accept-Encoding"], response.Headers.Vary);
        await using Stream stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await using Stream content = coding switch
        {
            "br" => new BrotliStream(stream, CompressionMode.Decompress),
            "gzip" => new GZipStream(stream, CompressionMode.Decompress),
            _ => stream,
        };
        using var reader = new StreamReader(content);
        Assert.Equal(await Router.TextAsync("/"), await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_request_is_bounded()
    {
        using HttpResponseMessage longPath = await Router.GetAsync("/" + new string('a', 20_000), "1.1");
        Assert.Equal(HttpStatusCode.RequestUriTooLong, longPath.StatusCode);
        HttpRequestMessage large = Router.Request("/", HttpMethod.Get, "1.1");
        large.Headers.Add("X-Large", new string('a', 20_000));
        using HttpResponseMessage tooLarge = await Router.SendAsync(large);
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, tooLarge.StatusCode);
    }

    /// <summary>The fields that keep the secret part of links in the browser, and strangers out of the pages.</summary>
    private static void AssertProtected(HttpResponseMessage response)
    {
        string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'none'; ", policy);
        Assert.Contains("base-uri 'none'; form-action 'none'; frame-ancestors 'none'", policy);
        Assert.DoesNotContain("unsafe", policy);
        Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("DENY", Assert.Single(response.Headers.GetValues("X-Frame-Options")));
        Assert.Equal("same-origin", Assert.Single(response.Headers.GetValues("Cross-Origin-Opener-Policy")));
        Assert.Equal("same-origin", Assert.Single(response.Headers.GetValues("Cross-Origin-Resource-Policy")));
        Assert.False(response.Headers.Contains("Server"));
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [GeneratedRegex("""<(?:link|script|img)[^>]*? (?:href|src)="([^"]*)"[^>]*>""")]
    private static partial Regex Loads();
}
