using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using SimplexActors.Nodes.Configuration;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.Configuration;

/// <summary>Layers, defaults and refusals of the configuration.</summary>
public sealed class ConfigLoaderTests : IDisposable
{
    private static readonly Dictionary<string, string> None = [];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("simplex-config-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    [Spec("S-397")]
    public void Without_any_source_the_defaults_of_the_reference_apply()
    {
        RouterConfig config = ConfigLoader.Load(null, None);
        Assert.Equal([5223, 443], config.Smp.Ports);
        Assert.Equal(TimeSpan.FromDays(21), config.Queues.MessageTtl);
        Assert.Equal(128, config.Queues.MessageQuota);
        Assert.Equal(TimeSpan.FromHours(24), config.Queues.NotificationTtl);
        Assert.Equal(new InactiveClientsConfig(true, TimeSpan.FromHours(6)), config.InactiveClients);
        Assert.True(config.Queues.NewQueues);
        Assert.Null(config.Queues.CreatePassword);
        Assert.Equal(LogLevel.Information, config.Log.Level);
    }

    [Fact]
    public void The_file_overrides_defaults_and_the_command_line_overrides_the_file()
    {
        string file = Write("""{ "queues": { "message_quota": 5, "new_queues": false }, "log": { "level": "debug" } }""");
        RouterConfig config = ConfigLoader.Load(file, new Dictionary<string, string> { ["queues.message_quota"] = "7" });
        Assert.Equal(7, config.Queues.MessageQuota);
        Assert.False(config.Queues.NewQueues);
        Assert.Equal(LogLevel.Debug, config.Log.Level);
    }

    [Fact]
    public void A_list_of_a_higher_layer_replaces_the_lower_one_whole()
    {
        string file = Write("""{ "smp": { "ports": [1, 2, 3], "hosts": ["a", "b"] } }""");
        RouterConfig config = ConfigLoader.Load(file, new Dictionary<string, string> { ["smp.ports"] = "9", ["smp.bind"] = "127.0.0.1, ::1" });
        Assert.Equal([9], config.Smp.Ports);
        Assert.Equal(["a", "b"], config.Smp.Hosts);
        Assert.Equal(["127.0.0.1", "::1"], config.Smp.Bind.Select(address => address.ToString()));
    }

    [Fact]
    public void Paths_are_relative_to_the_layer_that_names_them()
    {
        string file = Write("""{ "identity": { "folder": "id" }, "web": { "certificate": "web.crt", "key": "/etc/web.key" } }""");
        RouterConfig config = ConfigLoader.Load(file, new Dictionary<string, string> { ["store.folder"] = "store" });
        Assert.Equal(Path.Combine(_folder.FullName, "id"), config.Identity.Folder);
        Assert.Equal(Path.Combine(Directory.GetCurrentDirectory(), "store"), config.Store.Folder);
        Assert.Equal(new WebConfig(Path.Combine(_folder.FullName, "web.crt"), "/etc/web.key", 443), config.Web);
    }

    [Theory]
    [InlineData("queues.message_quota", "0", "must be a whole number from 1 to 65536")]
    [InlineData("queues.message_quota", "many", "must be a whole number from 1 to 65536")]
    [InlineData("queues.message_ttl", "21", "must be a time with its unit (ms, s, m, h, d or w), from 1 s to 3650 days")]
    [InlineData("queues.message_ttl", "1 ms", "must be a time with its unit")]
    [InlineData("queues.message_ttl", "99999999999999 weeks", "must be a time with its unit")]
    [InlineData("queues.new_queues", "maybe", "must be true or false")]
    [InlineData("smp.ports", "5223,x", "must be a port from 0 (the system chooses) to 65535")]
    [InlineData("smp.ports", "65536", "must be a port from 0 (the system chooses) to 65535")]
    [InlineData("smp.ports", "443,443", "must be a list without repetitions")]
    [InlineData("smp.ports", "", "must be a list that is not empty")]
    [InlineData("smp.hosts", "no spaces", "must be a host name or an IP address")]
    [InlineData("smp.bind", "localhost", "must be an IP address")]
    [InlineData("store.folder", "", "must be a path")]
    [InlineData("queues.collect_unused_after", "29 days", "must be 0 for never, or a time with its unit (ms, s, m, h, d or w), from 30 days to 3650 days")]
    [InlineData("queues.collect_suspended_after", "never", "must be 0 for never, or a time with its unit")]
    [InlineData("store.max_size", "5", "must be a size with its unit (B, KiB, MiB, GiB or TiB)")]
    [InlineData("store.max_size", "-1 B", "must be a size with its unit")]
    [InlineData("store.min_free_disk", "1048577 TiB", "must be a size with its unit")]
    [InlineData("limits.connection_sub", "fast", "must be 0 for no limit, or a rate such as")]
    [InlineData("limits.address_connections", "-1", "must be a whole number from 0 to 10000000")]
    [InlineData("limits.trusted_addresses", "10.0.0.0/33", "must be an IP address or a network such as 10.0.0.0/8")]
    [InlineData("limits.trusted_addresses", "host", "must be an IP address or a network such as 10.0.0.0/8")]
    [InlineData("log.level", "loud", "must be one of trace, debug, info, warn, error, off")]
    [Spec("S-495")]
    public void A_bad_value_is_named_with_its_key_and_what_is_allowed(string key, string value, string allowed)
    {
        ConfigException refusal = Refused(new Dictionary<string, string> { [key] = value });
        string problem = Assert.Single(refusal.Problems);
        Assert.StartsWith($"{key} = ", problem);
        Assert.Contains("(command line): " + allowed, problem);
    }

    [Fact]
    public void Sizes_rates_and_networks_are_read()
    {
        RouterConfig config = ConfigLoader.Load(null, new Dictionary<string, string>
        {
            ["store.max_size"] = "3 GiB",
            ["store.min_free_disk"] = "0",
            ["limits.address_new"] = "0",
            ["limits.connection_new"] = "7 per minute, burst 9",
            ["limits.trusted_addresses"] = "10.0.0.0/8, 192.0.2.1, 2001:db8::/32, ::1",
        });
        Assert.Equal((3L << 30, 0L), (config.Store.MaxSizeBytes, config.Store.MinFreeDiskBytes));
        Assert.True(config.Rates.AddressNew.IsUnlimited);
        Assert.Equal(Rate.PerMinute(7, burst: 9), config.Rates.Connection.New);
        Assert.Equal(["10.0.0.0/8", "192.0.2.1/32", "2001:db8::/32", "::1/128"], config.Rates.Trusted.Select(network => network.ToString()));
    }

    [Fact]
    public void A_bad_password_is_never_shown()
    {
        ConfigException refusal = Refused(new Dictionary<string, string> { ["queues.create_password"] = "se:cret" });
        Assert.DoesNotContain("se:cret", Assert.Single(refusal.Problems));
        Assert.Contains("without @ : /", refusal.Message);
    }

    [Theory]
    [InlineData("smp.prots", "did you mean smp.ports?")]
    [InlineData("queue.message_ttl", "did you mean queues.message_ttl?")]
    [InlineData("message_ttl", "did you mean queues.message_ttl?")]
    [InlineData("smp.ports.first", "there is no such key")]
    [InlineData("smp", "there is no such key")]
    public void An_unknown_key_is_refused_and_the_nearest_one_suggested(string key, string text)
    {
        ConfigException refusal = Refused(new Dictionary<string, string> { [key] = "1" });
        Assert.Contains(refusal.Problems, problem => problem.StartsWith($"{key} (command line)") && problem.Contains(text));
    }

    [Fact]
    public void All_problems_are_reported_at_once()
    {
        ConfigException refusal = Refused(new Dictionary<string, string> { ["log.level"] = "x", ["smp.ports"] = "x", ["nonsense"] = "x", ["web.key"] = "k" });
        Assert.Equal(4, refusal.Problems.Count);
    }

    [Fact]
    public void One_value_where_a_section_belongs_is_refused()
    {
        string file = Write("""{ "smp": 5, "queues": { "message_ttl": ["1 day"] } }""");
        ConfigException refusal = Assert.Throws<ConfigException>(() => ConfigLoader.Load(file, None));
        Assert.Contains(refusal.Problems, problem => problem.StartsWith("smp ("));
        Assert.Contains(refusal.Problems, problem => problem.StartsWith("queues.message_ttl = [...]") && problem.EndsWith("must be one value"));
    }

    [Fact]
    public void Empty_sections_and_null_mean_the_default()
    {
        RouterConfig config = ConfigLoader.Load(Write("""{ "smp": {}, "queues": { "message_quota": null } }"""), None);
        Assert.Equal(128, config.Queues.MessageQuota);
    }

    [Theory]
    [InlineData("missing.conf", "no such file")]
    [InlineData("", "it is a folder")]
    public void A_file_that_cannot_be_read_is_named(string name, string reason)
    {
        ConfigException refusal = Assert.Throws<ConfigException>(() => ConfigLoader.Load(Path.Combine(_folder.FullName, name), None));
        Assert.EndsWith(reason, Assert.Single(refusal.Problems));
    }

    private static ConfigException Refused(Dictionary<string, string> options) =>
        Assert.Throws<ConfigException>(() => ConfigLoader.Load(null, options));

    private string Write(string text)
    {
        string file = Path.Combine(_folder.FullName, "x.conf");
        File.WriteAllText(file, text);
        return file;
    }
}
