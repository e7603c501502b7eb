using System.Net;
using System.Security.Cryptography;
using SimplexActors.Acceptance.Support;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance.Control;

/// <summary>What tells others that a router is there, and the command that makes it go.</summary>
public sealed class DrainTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Drain_stops_the_router_in_good_order()
    {
        await using ControlledRouter router = await ControlledRouter.StartAsync(_folder.Path);
        using (ControlSessionClient user = await router.UserAsync())
        {
            Assert.Equal("AUTH", await user.AskOneAsync("drain"));
        }

        using (ControlSessionClient admin = await router.AdminAsync())
        {
            await admin.SendAsync("drain\n");
            Assert.Equal("draining", await admin.ReadLineAsync());
            Assert.Null(await admin.ReadLineAsync());
        }

        Assert.Equal(0, await router.Router.Program.ExitAsync());
        Assert.Contains("Signal drain: finishing commands in flight", await router.Router.Program.ErrorsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_program_tells_over_HTTP_that_it_lives_and_takes_clients()
    {
        int port = FreePort.Find(new Random(RandomNumberGenerator.GetInt32(int.MaxValue)));
        await using TestRouter router = await TestRouter.StartAsync(_folder.Path, $"health.port={port}");
        using var client = new HttpClient();
        foreach (string path in new[] { "live", "ready" })
        {
            using HttpResponseMessage answer = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/{path}"), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }
}
