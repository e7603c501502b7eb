using System.Text.RegularExpressions;
using SimplexActors.Nodes.CommandLine;
using SimplexActors.Nodes.Configuration;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.Configuration;

/// <summary>The files in hocon/ say what the program does.</summary>
public sealed class ShippedFilesTests
{
    private static readonly Dictionary<string, string> None = [];
    private static readonly string Single = Repository.PathOf("hocon", "single.conf");

    [Fact]
    public void Single_conf_holds_every_key_with_a_comment_above_it()
    {
        var reader = new ConfigReader([]);
        RouterConfig.Read(reader);
        string text = File.ReadAllText(Single);
        Assert.All(reader.Defaults.Keys, key => Assert.True(IsExplained(text, key), $"{key} has no comment in single.conf"));
    }

    [Fact]
    public void Single_conf_holds_the_defaults()
    {
        RouterConfig shipped = ConfigLoader.Load(Single, None);
        RouterConfig builtIn = ConfigLoader.Load(null, new Dictionary<string, string>
        {
            ["identity.folder"] = Repository.PathOf("hocon", "identity"),
            ["store.folder"] = Repository.PathOf("hocon", "data"),
        });
        AssertSame(builtIn, shipped);
    }

    [Fact]
    public void Dev_conf_is_what_dev_does()
    {
        RouterConfig shipped = ConfigLoader.Load(Repository.PathOf("hocon", "dev.conf"), None);
        RouterConfig dev = ConfigLoader.Load(null, None, DevCommand.Defaults(Repository.PathOf("hocon", "data")));
        AssertSame(dev, shipped);
    }

    [Fact]
    public void Cluster_conf_is_a_node_with_every_key_of_a_cluster()
    {
        string file = Repository.PathOf("hocon", "cluster.conf");
        RouterConfig shipped = ConfigLoader.Load(file, None);
        Assert.Equal("node-1", shipped.Cluster.Node);
        Assert.Equal("node-1.internal", shipped.Cluster.LinkHost);
        Assert.NotNull(shipped.Store.Postgres);
        RouterConfig builtIn = ConfigLoader.Load(null, None);
        Assert.Equal(builtIn.Cluster.Ownership, shipped.Cluster.Ownership);
        Assert.Equal((builtIn.Cluster.RequestTimeout, builtIn.Cluster.DrainTime), (shipped.Cluster.RequestTimeout, shipped.Cluster.DrainTime));
        var reader = new ConfigReader([]);
        RouterConfig.Read(reader);
        string text = File.ReadAllText(file);
        Assert.All(
            reader.Defaults.Keys.Where(key => key.StartsWith("cluster.", StringComparison.Ordinal)),
            key => Assert.Contains($"    \"{key.Split('.')[1]}\": ", text, StringComparison.Ordinal));
    }

    [Fact]
    public void The_template_takes_values_and_stays_valid()
    {
        string text = new ConfigTemplate()
            .Set("identity.folder", "/etc/router/\"id\"")
            .Set("smp.hosts", ["a.example", "b.example"])
            .Set("queues.create_password", "secret")
            .Text;
        RouterConfig config = ConfigLoader.Validate(text, Repository.Root, "x.conf");
        Assert.Equal("/etc/router/\"id\"", config.Identity.Folder);
        Assert.Equal(["a.example", "b.example"], config.Smp.Hosts);
        Assert.Equal("secret", config.Queues.CreatePassword);
        Assert.Equal(File.ReadAllLines(Single).Length, text.TrimEnd('\n').Split('\n').Length);
    }

    /// <summary>A line with the key in its section, below a comment or below another key of one comment.</summary>
    private static bool IsExplained(string text, string key)
    {
        string[] parts = key.Split('.');
        Match section = Regex.Match(text, $@"^  ""{parts[0]}"": \{{\n(.*?)^  \}}", RegexOptions.Multiline | RegexOptions.Singleline);
        return Regex.IsMatch(section.Groups[1].Value, $@"^    //[^\n]*\n(    ""\w+"":[^\n]*\n)*    ""{parts[1]}"":", RegexOptions.Multiline);
    }

    /// <summary>Compares section by section; lists are compared by content. Networks and addresses cannot be compared by their properties.</summary>
    private static void AssertSame(RouterConfig expected, RouterConfig actual)
    {
        Assert.Equal(expected.Rates.Trusted, actual.Rates.Trusted);
        Assert.Equal(expected.Health.Bind, actual.Health.Bind);
        Assert.Equivalent(WithoutNetworks(expected), WithoutNetworks(actual), strict: true);

        static RouterConfig WithoutNetworks(RouterConfig config) => config with
        {
            Rates = config.Rates with { Trusted = [] },
            Health = config.Health with { Bind = [] },
        };
    }
}
