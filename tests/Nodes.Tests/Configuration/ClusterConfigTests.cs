using System.Net;
using SimplexActors.Nodes.Configuration;
using Xunit;

namespace SimplexActors.Nodes.Tests.Configuration;

/// <summary>The keys of a cluster: its database, its nodes, and the port for health.</summary>
public sealed class ClusterConfigTests
{
    private const string Database = "Host=db;Database=x;Username=u;Password=hunter2";

    private static readonly (string Key, string Value)[] Node = [("cluster.node", "a"), ("store.postgres", Database)];

    [Fact]
    public void Without_a_name_there_is_no_cluster()
    {
        RouterConfig config = Load();
        Assert.False(config.Cluster.IsOn);
        Assert.Equal((null, null, null), (config.Cluster.Node, config.Cluster.LinkHost, config.Cluster.Certificates));
        Assert.Null(config.Store.Postgres);
        Assert.Equal(0, config.Health.Port);
        Assert.Equal([IPAddress.Loopback], config.Health.Bind);
    }

    [Fact]
    public void A_node_has_defaults_that_fit_together()
    {
        ClusterConfig config = Load(Node).Cluster;
        Assert.True(config.IsOn);
        Assert.Equal(("a", "a", 5226), (config.Node, config.LinkHost, config.LinkPort));
        Assert.Equal(Path.GetFullPath("cluster"), config.Certificates);
        Assert.Null(config.Ownership.Problem());
        Assert.Equal(
            (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(8), 8, 32),
            (config.Ownership.Heartbeat, config.Ownership.ServeFor, config.Ownership.ClaimAfter, config.Ownership.ConcurrentHandOffs, config.Ownership.HandOffsPerSecond));
        Assert.Equal((TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(20)), (config.RequestTimeout, config.DrainTime));
    }

    [Fact]
    public void Every_key_is_used()
    {
        RouterConfig config = Load([
            .. Node, ("cluster.link_port", "1"), ("cluster.link_bind", "127.0.0.2"), ("cluster.link_host", "[fd00::1]"), ("cluster.certificates", "/c"),
            ("cluster.shards", "512"), ("cluster.heartbeat", "100 ms"), ("cluster.serve_for", "300 ms"), ("cluster.claim_after", "375 ms"), ("cluster.hand_offs", "2"),
            ("cluster.hand_offs_per_second", "3"), ("cluster.request_timeout", "4 s"), ("cluster.drain_time", "0 s"),
            ("health.port", "8080"), ("health.bind", ""), ("store.postgres_connections", "20")]);
        ClusterConfig cluster = config.Cluster;
        Assert.Equal((1, "fd00::1", "/c", TimeSpan.FromSeconds(4), TimeSpan.Zero), (cluster.LinkPort, cluster.LinkHost, cluster.Certificates, cluster.RequestTimeout, cluster.DrainTime));
        Assert.Equal(IPAddress.Parse("127.0.0.2"), cluster.LinkBind);
        Assert.Equal((100, 300, 375), (cluster.Ownership.Heartbeat.TotalMilliseconds, cluster.Ownership.ServeFor.TotalMilliseconds, cluster.Ownership.ClaimAfter.TotalMilliseconds));
        Assert.Equal(512, cluster.Shards);
        Assert.Equal((2, 3), (cluster.Ownership.ConcurrentHandOffs, cluster.Ownership.HandOffsPerSecond));
        Assert.Equal((8080, 0, 20), (config.Health.Port, config.Health.Bind.Count, config.Store.PostgresConnections));
    }

    [Theory]
    [InlineData("cluster.node", "a b", "cluster.node = \"a b\" (command line): must be a name of 1 to 63 letters")]
    [InlineData("cluster.node", "-a", "must be a name")]
    [InlineData("cluster.node", "../a", "must be a name")]
    [InlineData("cluster.node", "CA", "must be a name")]
    [InlineData("cluster.node", "", "store.postgres needs cluster.node")]
    [InlineData("store.postgres", "", "cluster.node needs store.postgres")]
    [InlineData("cluster.serve_for", "2 s", "cluster.serve_for = 2 s: must be at least 3 times cluster.heartbeat (3 s)")]
    [InlineData("cluster.heartbeat", "3 s", "cluster.serve_for = 6 s: must be at least 3 times cluster.heartbeat (9 s)")]
    [InlineData("cluster.claim_after", "7 s", "cluster.claim_after = 7 s: must be at least a quarter more than cluster.serve_for (7500 ms)")]
    [InlineData("cluster.shards", "15", "must be a whole number from 16 to 1024")]
    [InlineData("cluster.hand_offs", "0", "must be a whole number from 1 to 256")]
    [InlineData("cluster.link_port", "5223", "cluster.link_port = 5223: must not be one of smp.ports")]
    [InlineData("cluster.link_bind", "127.0.0.1,::1", "cluster.link_bind = \"127.0.0.1,::1\" (command line): must be an IP address")]
    [InlineData("cluster.link_host", "a b", "must be a host name or an IP address")]
    [InlineData("health.port", "5226", "health.port = 5226: must not be one of")]
    [InlineData("health.port", "443", "health.port = 443: must not be one of")]
    [InlineData("store.postgres_connections", "1", "must be a whole number from 2 to 500")]
    public void What_is_not_allowed_is_named(string key, string value, string problem)
    {
        ConfigException refusal = Assert.Throws<ConfigException>(() => Load([.. Node.Where(pair => pair.Key != key), (key, value)]));
        string only = Assert.Single(refusal.Problems);
        Assert.Contains(problem, only, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", only, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=db;Password=hunter2;hunter2=x")]
    [InlineData("Host=db;Password=a;hunter2")]
    [InlineData("Host=db;Port=hunter2")]
    [InlineData("Host=db;Port=99999999999;Password=hunter2")]
    [InlineData("Host=db;Timeout=-1;Password=hunter2")]
    [InlineData("Host=db;SSL Mode=hunter2")]
    [InlineData("Database=x;Password=hunter2")]
    [InlineData("postgresql://u:hunter2@db/x")]
    [InlineData("hunter2")]
    [InlineData("Host=db;Password=hunter2;Include Error Detail=true")]
    [InlineData("Host=db;Password=hunter2;Persist Security Info=true")]
    public void A_connection_string_that_cannot_be_used_is_refused_without_showing_any_of_it(string text)
    {
        ConfigException refusal = Assert.Throws<ConfigException>(() => Load([.. Node.Where(pair => pair.Key != "store.postgres"), ("store.postgres", text)]));
        string only = Assert.Single(refusal.Problems);
        Assert.StartsWith("store.postgres = (not shown) (command line): must be a connection string ", only, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", only, StringComparison.Ordinal);
        Assert.Equal(only, only.ReplaceLineEndings(""));
    }

    [Theory]
    [InlineData("Host=a,b;Target Session Attributes=primary;Password=p")]
    [InlineData("Host=/run/postgresql;Username=u")]
    [InlineData("Host=db;Port=5433;Password=\"a;b\"")]
    public void A_connection_string_of_Npgsql_is_taken(string text) =>
        Assert.NotNull(Load(("cluster.node", "a"), ("store.postgres", text)).Store.Postgres);

    private static RouterConfig Load(params (string Key, string Value)[] values) =>
        ConfigLoader.Load(null, values.ToDictionary(value => value.Key, value => value.Value));
}
