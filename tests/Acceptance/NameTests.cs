using System.Text;
using Microsoft.AspNetCore.Http;
using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance;

/// <summary>A router that resolves names, with a real resolver beside it.</summary>
public sealed class NameTests : IAsyncLifetime
{
    private const int MaxResponseBytes = 16_000;

    /// <summary>As long as a response may be, and without the coins, which the router adds. The blank at the end is for the compiler.</summary>
    private const string LongestHead =
        """{"name":"longest.simplex","nickname":"","website":"","simplexContact":[],"simplexChannel":[],"owner":"","resolver":"","location":" """;

    private static readonly int LongestLocation = MaxResponseBytes - LongestHead.Length - 1;

    private static readonly string Longest = LongestHead.TrimEnd() + new string('x', LongestLocation) + "\"}";

    private readonly TemporaryFolder _folder = new();
    private readonly TaskCompletionSource _patience = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private NameServer? _server;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private NameServer Server => _server ?? throw new InvalidOperationException("The resolver is not started.");

    public async ValueTask InitializeAsync() => _server = await NameServer.StartAsync(AnswerAsync);

    public async ValueTask DisposeAsync()
    {
        _patience.TrySetResult();
        await Server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    [Spec("S-169", "S-206", "S-224", "S-361", "S-362", "S-365", "S-442", "S-443")]
    public async Task Names_are_resolved_and_failures_have_their_errors()
    {
        await using TestRouter router = await StartAsync();
        await using Peer peer = await router.ConnectAsync();
        NameRecord record = await peer.Client.ResolveAsync(Name("Alice.Simplex"));
        Assert.Equal(("alice.simplex", "0x3", null), (record.Name, record.Eth, record.Dot));
        Assert.Equal(["simplex:/contact#1"], record.SimplexContact);
        Assert.Equal(SmpError.NameNotFound, await ErrorAsync(peer, "404.simplex"));
        Assert.Equal(SmpError.NameNotFound, await ErrorAsync(peer, "400.simplex"));
        Assert.Equal(new NameResolverError("HTTP 502"), await ErrorAsync(peer, "502.simplex"));
        Assert.Equal(new NameResolverError("response too large"), await ErrorAsync(peer, "large.simplex"));
        Assert.Equal(new NameResolverError("invalid response"), await ErrorAsync(peer, "bad.simplex"));
        Assert.Equal(new NameResolverError("invalid response"), await ErrorAsync(peer, "moved.simplex"));
        Assert.Equal("alice.simplex", (await peer.Client.ResolveAsync(Name("alice.simplex"))).Name);
        Assert.Equal(2, Server.Queries.Count(query => query == new NameQuery("GET", "/resolve/alice.simplex", "application/json", "Basic dXNlcjpwYXNz")));
    }

    [Theory]
    [InlineData(6)]
    [InlineData(9)]
    [InlineData(20)]
    [Spec("S-169", "S-206", "S-364", "S-365", "S-366", "S-465")]
    public async Task RSLV_is_answered_in_any_version_with_an_empty_entity(int version)
    {
        await using TestRouter router = await StartAsync();
        await using Wire wire = await router.ConnectWireAsync(version);
        var answer = Assert.IsType<RnameResponse>(await wire.AskAsync("RSLV ALICE.Simplex and what is to come"));
        Assert.StartsWith("{\"name\":\"alice.simplex\",\"nickname\":\"A\",", Encoding.UTF8.GetString(answer.Json.Span));
        foreach (string malformed in new[] { "alice", "alice..simplex", "-a.simplex", "a--b.simplex", "a_b.simplex", new string('a', 64) + ".simplex", "" })
        {
            Assert.Equal(CmdError.Syntax, await wire.ErrorAsync("RSLV " + malformed));
        }

        Assert.Equal(SmpError.NameNotFound, await wire.ErrorAsync("RSLV 404.simplex"));
    }

    [Fact]
    [Spec("S-331", "S-354", "S-366")]
    public async Task A_slow_resolver_holds_up_nothing_else_on_the_connection()
    {
        await using TestRouter router = await StartAsync("names.resolver_timeout=60 s");
        await using Wire wire = await router.ConnectWireAsync();
        EntityId slow = EntityId.Random(), ping = EntityId.Random(), fast = EntityId.Random();
        await wire.SendAsync(
            wire.Command(new RslvCommand("slow.simplex"), default, correlation: slow),
            wire.Command("PING", correlation: ping),
            wire.Command(new RslvCommand("alice.simplex"), default, correlation: fast));
        IReadOnlyList<Answer> first = await wire.ReceiveAsync(2);
        Assert.Equal(new[] { ping, fast }.ToHashSet(), first.Select(answer => answer.Correlation).ToHashSet());
        Assert.IsType<PongResponse>(await wire.AskAsync("PING"));
        _patience.SetResult();
        Answer last = Assert.Single(await wire.ReceiveAsync(1));
        Assert.Equal((slow, true), (last.Correlation, last.Entity.IsEmpty));
        Assert.IsType<RnameResponse>(last.Response);
    }

    [Fact]
    [Spec("S-354", "S-443")]
    public async Task Lookups_beyond_the_limit_wait_and_time_out()
    {
        await using TestRouter router = await StartAsync("names.resolver_concurrency=1", "names.resolver_timeout=5 s");
        await using Peer peer = await router.ConnectAsync();
        SmpCall<NameRecord> first = peer.Client.ResolveAsync(Name("slow.simplex"));
        SmpCall<NameRecord> second = peer.Client.ResolveAsync(Name("slow.simplex"));
        Assert.Equal(new NameResolverError("timeout"), await first.ErrorAsync());
        Assert.Equal(new NameResolverError("timeout"), await second.ErrorAsync());
        await peer.Client.ResolveAsync(Name("alice.simplex"));
    }

    [Fact]
    [Spec("S-355")]
    public async Task Lookups_end_with_their_connection()
    {
        await using TestRouter router = await StartAsync("names.resolver_timeout=60 s");
        await using (Wire wire = await router.ConnectWireAsync())
        {
            await wire.SendAsync(wire.Command(new RslvCommand("slow.simplex"), default));
            while (!Server.Queries.Any(query => query.Path == "/resolve/slow.simplex"))
            {
                await Server.AskedAsync(Cancellation);
            }
        }

        await Server.ClosedAsync(1, Cancellation);
        Assert.False(_patience.Task.IsCompleted);
    }

    [Fact]
    [Spec("S-362", "S-363", "S-442")]
    public async Task A_resolver_that_is_not_there_is_no_reason_not_to_start()
    {
        string[] settings = ["names.enabled=on", "names.resolver_endpoint=http://127.0.0.1:1"];
        await using TestRouter router = await TestRouter.StartAsync(_folder.Path, settings);
        await using Peer peer = await router.ConnectAsync();
        Assert.Equal(new NameResolverError("transport failure"), await ErrorAsync(peer, "alice.simplex"));
        await router.StopAsync(RouterProgram.Sigterm);
        Assert.Contains("The name resolver is not well", await router.Program.ErrorsAsync());
    }

    [Fact]
    [Spec("S-331", "S-348", "S-366", "S-442", "S-477")]
    public async Task Names_are_resolved_through_a_proxy()
    {
        using var proxyFolder = new TemporaryFolder();
        await using TestRouter relay = await StartAsync("names.resolver_timeout=60 s");
        await using TestRouter proxy = await TestRouter.StartAsync(
            proxyFolder.Path, "proxy.allow_private_targets=true", "names.enabled=on", $"names.resolver_endpoint={Server.Endpoint}");
        await using Peer peer = await proxy.ConnectAsync();
        using RelaySession session = await peer.Client.OpenRelayAsync(relay.Address, cancellation: Cancellation);
        Task<NameRecord> slow = session.ResolveAsync(Name("slow.simplex")).AsTask();
        Assert.Equal("alice.simplex", (await session.ResolveAsync(Name("alice.simplex"))).Name);
        Assert.Equal(SmpError.NameNotFound, await session.ResolveAsync(Name("404.simplex")).ErrorAsync());
        Assert.Equal(new NameResolverError("HTTP 502"), await session.ResolveAsync(Name("502.simplex")).ErrorAsync());
        Assert.Equal(LongestLocation, (await session.ResolveAsync(Name("longest.simplex"))).Location.Length);
        Assert.False(slow.IsCompleted);
        _patience.SetResult();
        Assert.Equal("slow.simplex", (await slow).Name);

        // The proxy resolves names itself, too.
        Assert.Equal("bob.simplex", (await peer.Client.ResolveAsync(Name("bob.simplex"))).Name);
    }

    [Fact]
    [Spec("S-354", "S-357", "S-490")]
    public async Task Lookups_that_wait_hold_up_nothing_else_that_a_proxy_forwards()
    {
        const int LookupsPerClient = 20;
        using var proxyFolder = new TemporaryFolder();
        await using TestRouter relay = await StartAsync("names.resolver_timeout=60 s");
        await using TestRouter proxy = await TestRouter.StartAsync(proxyFolder.Path, "proxy.allow_private_targets=true");
        await using Peer owner = await relay.ConnectAsync();
        using RecipientQueue queue = await owner.Client.CreateQueueAsync();

        // Together more than one client may have, over one connection of the proxy.
        await using Peer one = await proxy.ConnectAsync();
        await using Peer two = await proxy.ConnectAsync();
        await using Peer sender = await proxy.ConnectAsync();
        var slow = new List<Task<NameRecord>>();
        foreach (Peer peer in (Peer[])[one, two])
        {
            RelaySession session = await peer.Client.OpenRelayAsync(relay.Address, cancellation: Cancellation);
            slow.AddRange(Enumerable.Range(0, LookupsPerClient).Select(_ => session.ResolveAsync(Name("slow.simplex")).AsTask()));
        }

        while (Server.Queries.Count(query => query.Path.Contains("/slow", StringComparison.Ordinal)) < 2 * LookupsPerClient)
        {
            await Server.AskedAsync(Cancellation);
        }

        using RelaySession other = await sender.Client.OpenRelayAsync(relay.Address, cancellation: Cancellation);
        await other.SendAsync(queue.Unsecured(), Encoding.UTF8.GetBytes("meanwhile"), cancellation: Cancellation);
        Assert.Equal("meanwhile", await owner.ReceiveAsync(queue));
        Assert.DoesNotContain(slow, lookup => lookup.IsCompleted);
        _patience.SetResult();
        Assert.All(await Task.WhenAll(slow), record => Assert.Equal("slow.simplex", record.Name));
    }

    [Theory]
    [InlineData(6)]
    [InlineData(8)]
    [InlineData(20)]
    [Spec("S-206", "S-361")]
    public async Task The_longest_record_fits_the_answer(int version)
    {
        await using TestRouter router = await StartAsync();
        await using Peer peer = await router.ConnectAsync(version);
        Assert.Equal(LongestLocation, (await peer.Client.ResolveAsync(Name("longest.simplex"))).Location.Length);
    }

    [Fact]
    [Spec("S-358", "S-442")]
    public async Task Without_a_resolver_the_answer_says_so()
    {
        await using TestRouter router = await TestRouter.StartAsync(_folder.Path);
        await using Peer peer = await router.ConnectAsync();
        Assert.Equal(SmpError.NameNoResolver, await ErrorAsync(peer, "alice.simplex"));
    }

    private static SimplexName Name(string text) =>
        SimplexName.TryParse(text, out SimplexName? name) ? name : throw new ArgumentException("No name.", nameof(text));

    private static Task<SmpError?> ErrorAsync(Peer peer, string name) => peer.Client.ResolveAsync(Name(name)).ErrorAsync();

    private Task<TestRouter> StartAsync(params string[] settings) => TestRouter.StartAsync(
        _folder.Path,
        ["names.enabled=on", $"names.resolver_endpoint={Server.Endpoint}", "names.resolver_auth=basic user:pass", .. settings]);

    private async Task AnswerAsync(HttpContext context)
    {
        string name = context.Request.Path.Value!.Split('/')[^1];
        switch (name)
        {
            case "404.simplex" or "400.simplex" or "502.simplex":
                context.Response.StatusCode = int.Parse(name[..3]);
                break;
            case "moved.simplex":
                context.Response.Redirect("/resolve/alice.simplex");
                break;
            case "bad.simplex":
                await context.Response.WriteAsync("{");
                break;
            case "large.simplex":
                await context.Response.WriteAsync(new string(' ', 20_000));
                break;
            case "longest.simplex":
                await context.Response.WriteAsync(Longest);
                break;
            case "slow.simplex":
                await _patience.Task.WaitAsync(context.RequestAborted);
                await context.Response.WriteAsync(NameServer.Record(name));
                break;
            default:
                await context.Response.WriteAsync(NameServer.Record(name));
                break;
        }
    }
}
