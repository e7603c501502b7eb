using Microsoft.AspNetCore.Http;
using SimplexActors.Acceptance.Support;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance;

/// <summary>Commands that wait for other machines, more of them than one connection may have.</summary>
public sealed class ForkLimitTests
{
    private const int MostPerConnection = 32;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Spec("S-354", "S-473", "S-479")]
    public async Task Commands_beyond_the_limit_wait_until_others_are_done()
    {
        const int Lookups = MostPerConnection + 8;
        var patience = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using NameServer server = await NameServer.StartAsync(async context =>
        {
            if (IsSlow(context.Request.Path.Value!))
            {
                await patience.Task.WaitAsync(context.RequestAborted);
            }

            await context.Response.WriteAsync(NameServer.Record("some.simplex"));
        });
        using var folder = new TemporaryFolder();
        await using TestRouter router = await TestRouter.StartAsync(
            folder.Path, "names.enabled=on", $"names.resolver_endpoint={server.Endpoint}", "names.resolver_timeout=60 s");
        await using Wire greedy = await router.ConnectWireAsync();
        await using Wire other = await router.ConnectWireAsync();
        await greedy.SendAsync([.. Enumerable.Range(0, Lookups).Select(i => greedy.Command($"RSLV slow{i}.simplex"))]);
        while (SlowLookups() < MostPerConnection)
        {
            await server.AskedAsync(Cancellation);
        }

        // Others are served, while nothing more of that connection reaches the resolver.
        Assert.IsType<RnameResponse>(await other.AskAsync("RSLV fast.simplex"));
        Assert.Equal(MostPerConnection, SlowLookups());
        patience.SetResult();
        Assert.All(await greedy.ReceiveAsync(Lookups), answer => Assert.IsType<RnameResponse>(answer.Response));
        Assert.Equal(Lookups, SlowLookups());
        Assert.IsType<PongResponse>(await greedy.AskAsync("PING"));

        int SlowLookups() => server.Queries.Count(query => IsSlow(query.Path));

        static bool IsSlow(string path) => path.Contains("/slow", StringComparison.Ordinal);
    }
}
