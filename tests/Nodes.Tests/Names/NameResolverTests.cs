using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using SimplexActors.Actors;
using SimplexActors.Nodes.Names;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.Names;

/// <summary>What is asked of a resolver and what is made of its answers, over real HTTP.</summary>
public sealed class NameResolverTests
{
    private const string Name = "alice.simplex";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<int, string, string> Failures { get; } = new()
    {
        { 404, "", "NAME NOT_FOUND" },
        { 400, NameServer.Record(Name), "NAME NOT_FOUND" },
        { 401, "", "NAME RESOLVER HTTP 401" },
        { 502, new string('x', 100_000), "NAME RESOLVER HTTP 502" },
        { 200, new string(' ', 16_001), "NAME RESOLVER response too large" },
        { 200, "", "NAME RESOLVER invalid response" },
        { 200, "<html>", "NAME RESOLVER invalid response" },
        { 200, """{"name":"alice.simplex"}""", "NAME RESOLVER invalid response" },
        { 200, NameServer.Record(Name).Replace("\"0x1\"", "null"), "NAME RESOLVER invalid response" },
        { 200, NameServer.Record(Name) + "{}", "NAME RESOLVER invalid response" },
        // Short as the resolver writes it, too long as clients are sent it.
        { 200, NameServer.Record(string.Concat(Enumerable.Repeat(@"\b", 7000))), "NAME RESOLVER response too large" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    [Spec("S-362", "S-443")]
    public async Task Failures_of_the_resolver_have_their_errors(int status, string body, string error)
    {
        await using NameServer server = await NameServer.StartAsync(status, body);
        await using NameResolver resolver = Create(server.Endpoint);
        Assert.Equal(error, await ErrorAsync(resolver));
    }

    [Fact]
    [Spec("S-361", "S-362", "S-365", "S-443")]
    public async Task A_record_is_asked_for_and_written_in_its_order_with_nulls()
    {
        await using NameServer server = await NameServer.StartAsync(200, NameServer.Record(Name));
        await using NameResolver resolver = Create(server.Endpoint + "/prefix", auth: "bearer token");
        await resolver.Probed;
        var answer = Assert.IsType<RnameResponse>(await resolver.ResolveAsync(Name, Cancellation));
        Assert.Equal(
            """{"name":"alice.simplex","nickname":"A","website":"https://a.example","location":"","simplexContact":["simplex:/contact#1"],"simplexChannel":[],"""
            + "\"eth\":\"0x3\",\"btc\":null,\"xmr\":null,\"dot\":null,\"owner\":\"0x1\",\"resolver\":\"0x2\"}",
            Encoding.UTF8.GetString(answer.Json.Span));
        Assert.Equal(
            [
                new NameQuery("GET", "/prefix/health", "application/json", "Bearer token"),
                new NameQuery("GET", "/prefix/resolve/alice.simplex", "application/json", "Bearer token"),
            ],
            server.Queries);
    }

    [Fact]
    [Spec("S-361", "S-443")]
    public async Task Every_lookup_is_one_request_on_a_kept_connection()
    {
        await using NameServer server = await NameServer.StartAsync(200, NameServer.Record(Name));
        await using NameResolver resolver = Create(server.Endpoint);
        await resolver.Probed;
        for (int i = 0; i < 5; i++)
        {
            Assert.IsType<RnameResponse>(await resolver.ResolveAsync(Name, Cancellation));
        }

        Assert.Equal(6, server.Queries.Count);
        Assert.All(server.Queries, query => Assert.Equal("", query.Authorization));
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    [Spec("S-361")]
    public async Task A_redirect_is_a_body_and_is_not_followed()
    {
        await using NameServer elsewhere = await NameServer.StartAsync(200, NameServer.Record(Name));
        await using NameServer server = await NameServer.StartAsync(context =>
        {
            context.Response.Redirect(elsewhere.Endpoint + context.Request.Path);
            return Task.CompletedTask;
        });
        await using NameResolver resolver = Create(server.Endpoint, auth: "bearer token");
        Assert.Equal("NAME RESOLVER invalid response", await ErrorAsync(resolver));
        Assert.Empty(elsewhere.Queries);
    }

    [Fact]
    [Spec("S-362")]
    public async Task A_dead_port_is_a_transport_failure()
    {
        using var unused = new Socket(SocketType.Stream, ProtocolType.Tcp);
        unused.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using NameResolver resolver = Create($"http://{unused.LocalEndPoint}".Replace("[::ffff:127.0.0.1]", "127.0.0.1"));
        await resolver.Probed;
        Assert.Equal("NAME RESOLVER transport failure", await ErrorAsync(resolver));
    }

    [Fact]
    [Spec("S-362")]
    public async Task A_response_that_breaks_off_is_a_transport_failure()
    {
        await using NameServer server = await NameServer.StartAsync(async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("{");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        await using NameResolver resolver = Create(server.Endpoint);
        Assert.Equal("NAME RESOLVER transport failure", await ErrorAsync(resolver));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Spec("S-361", "S-362", "S-443")]
    public async Task A_lookup_ends_after_its_time_even_in_the_middle_of_a_body(bool inBody)
    {
        var time = new ManualTimeProvider();
        await using NameServer server = await NameServer.StartAsync(async context =>
        {
            if (context.Request.Path == "/health")
            {
                return;
            }

            if (inBody)
            {
                await context.Response.WriteAsync("{");
                await context.Response.Body.FlushAsync();
            }

            await Task.Delay(System.Threading.Timeout.Infinite, context.RequestAborted);
        });
        await using NameResolver resolver = Create(server.Endpoint, time: time);
        await resolver.Probed;
        await server.AskedAsync(Cancellation);
        Task<string> error = ErrorAsync(resolver);
        await server.AskedAsync(Cancellation);
        time.Advance(Timeout - TimeSpan.FromMilliseconds(1));
        Assert.False(error.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("NAME RESOLVER timeout", await error);
    }

    [Fact]
    [Spec("S-354")]
    public async Task No_more_lookups_run_than_may_and_no_more_wait_than_may()
    {
        var time = new ManualTimeProvider();
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using NameServer server = await NameServer.StartAsync(async context =>
        {
            if (context.Request.Path != "/health")
            {
                await answer.Task;
                await context.Response.WriteAsync(NameServer.Record(Name));
            }
        });
        await using NameResolver resolver = Create(server.Endpoint, time: time, concurrency: 2);
        await resolver.Probed;
        await server.AskedAsync(Cancellation);
        Task<SmpResponse>[] running = [resolver.ResolveAsync(Name, Cancellation), resolver.ResolveAsync(Name, Cancellation)];
        await server.AskedAsync(Cancellation);
        await server.AskedAsync(Cancellation);

        using var gone = new CancellationTokenSource();
        Task<SmpResponse> left = resolver.ResolveAsync(Name, gone.Token);
        Task<SmpResponse>[] waiting = [.. Enumerable.Range(1, Limits.WaitingNameLookups - 1).Select(_ => resolver.ResolveAsync(Name, Cancellation))];
        Assert.Equal(Limits.WaitingNameLookups, resolver.Waiting);
        Assert.Equal("NAME RESOLVER too many lookups", await ErrorAsync(resolver));
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Assert.Equal(Limits.WaitingNameLookups - 1, resolver.Waiting);

        answer.SetResult();
        Assert.All(await Task.WhenAll([.. running, .. waiting]), response => Assert.IsType<RnameResponse>(response));
        Assert.Equal(0, resolver.Waiting);
        Assert.Equal(Limits.WaitingNameLookups + 2, server.Queries.Count);
    }

    [Fact]
    [Spec("S-354")]
    public async Task Waiting_for_a_place_ends_too_and_costs_no_place()
    {
        var time = new ManualTimeProvider();
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using NameServer server = await NameServer.StartAsync(context => context.Request.Path == "/health" ? Task.CompletedTask : answer.Task);
        await using NameResolver resolver = Create(server.Endpoint, time: time, concurrency: 1);
        await resolver.Probed;
        await server.AskedAsync(Cancellation);
        Task<string> running = ErrorAsync(resolver);
        await server.AskedAsync(Cancellation);
        Task<string> waiting = ErrorAsync(resolver);
        time.Advance(Timeout);
        Assert.Equal("NAME RESOLVER timeout", await running);

        // Both end at one moment: the second one's wait may be over, or it may have taken the place of the first.
        await Task.WhenAny(waiting, server.AskedAsync(Cancellation));
        time.Advance(Timeout);
        Assert.Equal("NAME RESOLVER timeout", await waiting);

        answer.SetResult();
        Assert.Equal("NAME RESOLVER invalid response", await ErrorAsync(resolver));
    }

    [Fact]
    [Spec("S-361")]
    public async Task A_peak_leaves_no_more_connections_than_are_kept()
    {
        const int Peak = 40;
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using NameServer server = await NameServer.StartAsync(async context =>
        {
            await answer.Task;
            await context.Response.WriteAsync(NameServer.Record(Name));
        });
        await using NameResolver resolver = Create(server.Endpoint);
        Task<SmpResponse>[] lookups = [.. Enumerable.Range(0, Peak).Select(_ => resolver.ResolveAsync(Name, Cancellation))];
        for (int i = 0; i < Peak + 1; i++)
        {
            await server.AskedAsync(Cancellation);
        }

        answer.SetResult();
        Assert.All(await Task.WhenAll(lookups), response => Assert.IsType<RnameResponse>(response));
        await resolver.Probed;
        Assert.Equal(Peak + 1, server.Connections);
        await server.ClosedAsync(Peak + 1 - Limits.IdleResolverConnections, Cancellation);
    }

    [Theory]
    [InlineData(200, 320)]
    [InlineData(302, 320)]
    [InlineData(503, 321)]
    [Spec("S-363")]
    public async Task The_resolver_is_asked_how_it_is_for_the_log_only(int status, int eventId)
    {
        await using NameServer server = await NameServer.StartAsync(context =>
        {
            context.Response.StatusCode = context.Request.Path == "/health" ? status : 200;
            return context.Response.WriteAsync(NameServer.Record(Name));
        });
        var logger = new RecordingLogger();
        await using NameResolver resolver = Create(server.Endpoint, logger: logger, auth: "bearer swordfish");
        await resolver.Probed;
        Assert.Equal(eventId, Assert.Single(logger.Entries).Id);
        Assert.DoesNotContain("swordfish", logger.Entries.Single().Text);
        Assert.IsType<RnameResponse>(await resolver.ResolveAsync(Name, Cancellation));
    }

    [Fact]
    public async Task Only_a_change_of_its_health_is_told()
    {
        int status = 503;
        await using NameServer server = await NameServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        var logger = new RecordingLogger();
        await using NameResolver resolver = Create(server.Endpoint, logger: logger);
        await resolver.Probed;
        await resolver.CheckHealthAsync(Cancellation);
        status = 200;
        await resolver.CheckHealthAsync(Cancellation);
        await resolver.CheckHealthAsync(Cancellation);
        Assert.Equal([321, 320], logger.Entries.Select(entry => entry.Id));
    }

    /// <summary>Its clock stands unless the test moves it: no lookup ends because the machine is busy.</summary>
    private static NameResolver Create(
        string endpoint, TimeProvider? time = null, string? auth = null, int concurrency = 1000, RecordingLogger? logger = null)
    {
        var options = new ResolverOptions(
            ResolverEndpoint.TryParse(endpoint)!, auth is null ? null : ResolverAuth.TryParse(auth), Timeout, 16_000, concurrency);
        return new NameResolver(options, time ?? new ManualTimeProvider(), logger ?? (Microsoft.Extensions.Logging.ILogger)NullLogger.Instance);
    }

    private static async Task<string> ErrorAsync(NameResolver resolver)
    {
        SmpResponse response = await resolver.ResolveAsync(Name, Cancellation);
        return SmpErrorText.Of(Assert.IsType<ErrResponse>(response).Error);
    }
}
