using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using SimplexActors.Nodes.Configuration;
using SimplexActors.Nodes.Edges.Health;
using SimplexActors.Nodes.Hosting;
using Xunit;

namespace SimplexActors.Nodes.Tests.Health;

/// <summary>What load balancers and Kubernetes are told, over HTTP.</summary>
public sealed class HealthEdgeTests : IAsyncDisposable
{
    private readonly FixedHealth _health = new();
    private readonly HttpClient _client = new();
    private readonly HealthEdge _edge;

    public HealthEdgeTests() => _edge = new HealthEdge(new HealthConfig(0, [IPAddress.Loopback]), _health, NullLoggerFactory.Instance);

    public async ValueTask DisposeAsync()
    {
        await _edge.DisposeAsync();
        _client.Dispose();
    }

    [Theory]
    [InlineData("/live")]
    [InlineData("/ready")]
    public async Task A_router_that_works_says_so(string path)
    {
        await StartAsync();
        using HttpResponseMessage answer = await SendAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.False(answer.Headers.Contains("Server"));
        Assert.Equal("""{"status":"ok"}""", await TextOf(answer));
    }

    [Theory]
    [InlineData((byte)HealthReason.Store, "store")]
    [InlineData((byte)HealthReason.NotJoined, "not joined")]
    [InlineData((byte)HealthReason.NoLease, "no lease")]
    [InlineData((byte)HealthReason.Draining, "draining")]
    public async Task A_router_that_takes_no_clients_lives_and_says_why(byte reason, string word)
    {
        await StartAsync();
        _health.Unready = (HealthReason)reason;
        Assert.Equal((HttpStatusCode.OK, """{"status":"ok"}"""), await AskAsync("/live"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, $$"""{"status":"unavailable","reason":"{{word}}"}"""), await AskAsync("/ready"));
    }

    [Fact]
    public async Task A_router_that_is_stuck_neither_lives_nor_takes_clients()
    {
        await StartAsync();
        _health.Broken = HealthReason.Stuck;
        Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"status":"unavailable","reason":"stuck"}"""), await AskAsync("/live"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"status":"unavailable","reason":"stuck"}"""), await AskAsync("/ready"));
    }

    [Fact]
    public async Task While_the_other_edges_stop_it_answers_that_it_drains()
    {
        await StartAsync();
        await _edge.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, """{"status":"ok"}"""), await AskAsync("/live"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"status":"unavailable","reason":"draining"}"""), await AskAsync("/ready"));
        await _edge.DisposeAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync("/live"));
    }

    [Fact]
    public async Task Nothing_else_is_answered()
    {
        await StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync("/")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync("/live/")).Status);
        using HttpResponseMessage posted = await SendAsync("/live", HttpMethod.Post);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
        Assert.Equal(["GET", "HEAD"], posted.Content.Headers.Allow);
        using HttpResponseMessage head = await SendAsync("/ready", HttpMethod.Head);
        Assert.Equal((HttpStatusCode.OK, ""), (head.StatusCode, await TextOf(head)));
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        await StartAsync();
        await using var other = new HealthEdge(new HealthConfig(_edge.HealthPorts[0], [IPAddress.Loopback]), _health, NullLoggerFactory.Instance);
        StartException refusal = await Assert.ThrowsAsync<StartException>(() => other.StartAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith($"health.port {_edge.HealthPorts[0]}: ", refusal.Message, StringComparison.Ordinal);
    }

    private async Task StartAsync()
    {
        await _edge.StartAsync(TestContext.Current.CancellationToken);
        Assert.Empty(_edge.Ports);
    }

    private async Task<(HttpStatusCode Status, string Text)> AskAsync(string path)
    {
        using HttpResponseMessage answer = await SendAsync(path);
        return (answer.StatusCode, await TextOf(answer));
    }

    private async Task<HttpResponseMessage> SendAsync(string path, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, new Uri($"http://127.0.0.1:{_edge.HealthPorts[0]}{path}"));
        return await _client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static Task<string> TextOf(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    private sealed class FixedHealth : INodeHealth
    {
        public HealthReason? Broken { get; set; }

        public HealthReason? Unready { get; set; }

        public ValueTask<HealthReason?> UnreadyAsync(CancellationToken cancellation) => ValueTask.FromResult(Unready);
    }
}
