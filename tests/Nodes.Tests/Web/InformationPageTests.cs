using System.Net;
using SimplexActors.Nodes.Configuration;
using SimplexActors.Nodes.Edges.Web;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.Web;

/// <summary>What the information page tells, and that no value of the configuration becomes markup.</summary>
public sealed class InformationPageTests
{
    private const string Script = "<script>alert(1)</script>\"'&";

    [Fact, Spec("S-401", "O-215", "O-216")]
    public async Task It_tells_how_the_router_is_configured()
    {
        await using WebRouter router = await WebRouter.StartAsync("queues.message_ttl=14 days", "queues.message_quota=77", "queues.create_password=secret-word");
        string page = await router.TextAsync("/");
        Assert.Contains("<dt>New queues</dt><dd>Allowed</dd>", page);
        Assert.Contains("<dt>Password</dt><dd>Needed<", page);
        Assert.Contains("<dt>Storage</dt><dd>Queues and messages<", page);
        Assert.Contains("<dt>Messages kept</dt><dd>2 weeks<", page);
        Assert.Contains("<dd>Up to 77<", page);
        Assert.Contains("Ask the operator for the address that contains it", page);
        Assert.DoesNotContain("secret-word", page);
        Assert.DoesNotContain("{{", page);

        // Nothing was told about people and machines, and nothing is shown of them.
        Assert.DoesNotContain("Who runs it", page);
        Assert.DoesNotContain("Contact</h2>", page);
        Assert.DoesNotContain("Where it runs", page);
    }

    [Fact, Spec("O-215")]
    public async Task It_says_when_no_queues_can_be_created()
    {
        await using WebRouter router = await WebRouter.StartAsync("queues.new_queues=false");
        string page = await router.TextAsync("/");
        Assert.Contains("<dt>New queues</dt><dd>Not allowed</dd>", page);
        Assert.Contains("takes no new queues", page);
    }

    [Fact, Spec("O-099", "O-100", "O-101", "O-102", "O-103", "O-104", "O-105", "O-106", "O-214")]
    public async Task It_tells_what_the_operator_configured()
    {
        await using WebRouter router = await WebRouter.StartAsync(
            "information.source_code=https://example.org/source",
            "information.usage_conditions=https://example.org/conditions",
            "information.condition_amendments=https://example.org/amendments",
            "information.server_country=fi",
            "information.operator=Operator Oy",
            "information.operator_country=SE",
            "information.website=https://example.org",
            "information.admin_simplex=https://smp.example.org/a#abc",
            "information.admin_email=admin@example.org",
            "information.complaints_pgp=https://example.org/key.asc",
            "information.complaints_pgp_fingerprint=0123 4567 89AB CDEF 0123 4567 89AB CDEF 0123 4567",
            "information.hosting=Hosting GmbH",
            "information.hosting_country=DE",
            "information.hosting_type=owned");
        string page = await router.TextAsync("/");
        Assert.All(
            (string[])[
                "href=\"https://example.org/source\"",
                "href=\"https://example.org/conditions\"",
                "href=\"https://example.org/amendments\"",
                "<dt>Country</dt><dd>FI</dd>",
                "<dd>Operator Oy<small>Country: SE</small></dd>",
                "href=\"https://example.org/\"",
                "href=\"https://smp.example.org/a#abc\"",
                "href=\"mailto:admin@example.org\"",
                "href=\"https://example.org/key.asc\"",
                "0123 4567 89AB CDEF 0123 4567 89AB CDEF 0123 4567",
                "<dd>Hosting GmbH<small>Country: DE</small></dd>",
                "<dd>Owned</dd>",
            ],
            part => Assert.Contains(part, page));
    }

    [Fact, Spec("O-639")]
    public async Task Values_never_become_markup()
    {
        await using WebRouter router = await WebRouter.StartAsync(
            $"information.operator={Script}",
            $"information.hosting={Script}",
            "information.website=https://example.org/?q=\"><script>alert(2)</script>");
        string page = await router.TextAsync("/");
        Assert.DoesNotContain("<script>", page);
        Assert.DoesNotContain("alert(2)</script>", page);
        Assert.Equal(2, page.Split("<dd>&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&amp;</dd>").Length - 1);
    }

    [Theory]
    [InlineData("source_code", "javascript:alert(1)", "a web address such as https://example.com/, without a user name")]
    [InlineData("website", "https://user:password@example.org/", "a web address such as https://example.com/, without a user name")]
    [InlineData("usage_conditions", "example.org", "a web address such as https://example.com/, without a user name")]
    [InlineData("server_country", "Germany", "a country code of two letters (ISO 3166)")]
    [InlineData("operator_country", "D1", "a country code of two letters (ISO 3166)")]
    [InlineData("operator", "two\nlines", "one line of at most 200 characters")]
    [InlineData("admin_simplex", "javascript:/a#x", "a SimpleX contact address such as https://smp.example.com/a#...")]
    [InlineData("admin_simplex", "https://smp.example.com/invitation#/?v=1", "a SimpleX contact address such as https://smp.example.com/a#...")]
    [InlineData("complaints_email", "a@b?cc=everybody@example.org", "an e-mail address")]
    [InlineData("complaints_email", "nobody", "an e-mail address")]
    [InlineData("admin_pgp_fingerprint", "<b>", "32 to 64 hexadecimal digits")]
    [InlineData("hosting_type", "cloud", "one of virtual, dedicated, colocation, owned")]
    [Spec("O-101", "O-104", "O-106", "O-623")]
    public void A_value_that_is_not_allowed_stops_the_start(string key, string value, string allowed)
    {
        ConfigException refusal = Assert.Throws<ConfigException>(() =>
            ConfigLoader.Load(file: null, new Dictionary<string, string> { ["information." + key] = value }));
        Assert.StartsWith($"information.{key} = \"{value.ReplaceLineEndings(" ")}\" (command line): must be {allowed}", refusal.Problems[0]);
    }

    [Theory]
    [InlineData("operator_country=DE", "information.operator_country needs information.operator")]
    [InlineData("hosting_country=DE", "information.hosting_country needs information.hosting")]
    [InlineData("condition_amendments=https://example.org/", "information.condition_amendments needs information.usage_conditions")]
    [InlineData("admin_pgp=https://example.org/", "information.admin_pgp and information.admin_pgp_fingerprint must be set together, or neither")]
    [Spec("O-100", "O-102", "O-105")]
    public void A_part_without_its_whole_stops_the_start(string setting, string problem)
    {
        string[] parts = setting.Split('=');
        ConfigException refusal = Assert.Throws<ConfigException>(() =>
            ConfigLoader.Load(file: null, new Dictionary<string, string> { ["information." + parts[0]] = parts[1] }));
        Assert.Equal([problem], refusal.Problems);
    }

    [Fact, Spec("O-218")]
    public async Task An_onion_address_is_offered_to_those_who_can_use_it()
    {
        const string Onion = "jjbyvoemxysm7qxap7m5d5m35jzv5qq6gnlv7s4rsn7tdwwmuqciwpid.onion";
        await using WebRouter router = await WebRouter.StartAsync($"smp.hosts=smp.example.org,{Onion}");
        using HttpResponseMessage response = await router.GetAsync("/");
        Assert.Equal($"http://{Onion}/", Assert.Single(response.Headers.GetValues("Onion-Location")));
        Assert.Equal("max-age=31536000", Assert.Single(response.Headers.GetValues("Strict-Transport-Security")));
        string page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains($"<meta http-equiv=\"onion-location\" content=\"http://{Onion}\">", page);
        Assert.Contains($"@smp.example.org,{Onion}:", WebUtility.HtmlDecode(page));
        using HttpResponseMessage link = await router.GetAsync("/a");
        Assert.False(link.Headers.Contains("Onion-Location"));
    }

    [Theory]
    [InlineData(0, "0 sec")]
    [InlineData(86_400, "1 day")]
    [InlineData(7 * 86_400, "1 week")]
    [InlineData(14 * 86_400, "2 weeks")]
    [InlineData(21 * 86_400, "21 days")]
    [InlineData(90_061, "1 day 1 hour 1 min 1 sec")]
    [InlineData(30 * 86_400, "1 month")]
    [InlineData(60 * 86_400, "2 months")]
    [InlineData(37 * 86_400, "1 month 1 week")]
    [InlineData(7_320, "2 hours 2 min")]
    [Spec("O-217")]
    public void Times_are_written_in_words(int seconds, string words) => Assert.Equal(words, DurationWords.Of(TimeSpan.FromSeconds(seconds)));
}
