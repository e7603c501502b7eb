using SimplexActors.Client;
using SimplexActors.Protocol.Transport;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance.Hostile;

/// <summary>Clients that begin a block and let its rest trickle.</summary>
[Collection(nameof(WholeMachine))]
public sealed class SlowBlockTests(ITestOutputHelper output)
{
    private const int Connections = 60;

    private static readonly TimeSpan Drip = TimeSpan.FromMilliseconds(200);

    /// <summary>A failure bound only.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    [Spec("S-487")]
    public async Task A_block_that_comes_byte_by_byte_is_not_waited_for()
    {
        await using AttackedRouter router = await AttackedRouter.StartAsync("--set", "limits.block_timeout=2s");
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => DripUntilDroppedAsync(router))).WaitAsync(Patience);
        await router.AssertUnharmedAsync(output);
    }

    private static async Task DripUntilDroppedAsync(AttackedRouter router)
    {
        await using SmpConnection connection = await SmpConnection.ConnectAsync(router.Address);
        using var timer = new PeriodicTimer(Drip);
        Task ended = AwaitEndAsync(connection);
        for (int i = 0; i < Block.Length - 1 && !ended.IsCompleted; i++)
        {
            await TrySendAsync(connection);
            await timer.WaitForNextTickAsync();
        }

        await ended;
    }

    private static async Task AwaitEndAsync(SmpConnection connection)
    {
        try
        {
            Assert.Null(await connection.ReceiveAsync(new byte[Block.Length]));
        }
        catch (IOException)
        {
            // Dropped without a farewell.
        }
    }

    private static async Task TrySendAsync(SmpConnection connection)
    {
        try
        {
            await connection.SendRawAsync(new byte[1]);
        }
        catch (IOException)
        {
            // The router has dropped the connection, which the receiving side sees too.
        }
    }
}
