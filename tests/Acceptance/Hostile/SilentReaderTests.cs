using SimplexActors.Client;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance.Hostile;

/// <summary>A subscriber of many queues who never reads what others send to them.</summary>
[Collection(nameof(WholeMachine))]
public sealed class SilentReaderTests(ITestOutputHelper output)
{
    private const int Queues = 1000;
    private const int MessagesPerQueue = 2;
    private const int BodyBytes = 15_500;

    /// <summary>A failure bound only.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    [Spec("S-325", "S-487")]
    public async Task A_subscriber_who_never_reads_is_dropped_and_loses_nothing()
    {
        await using AttackedRouter router = await AttackedRouter.StartAsync("--set", "limits.block_timeout=2s");
        RecipientQueue[] queues;

        // With one event of capacity that nobody takes, the client stops reading as soon as none of its commands waits.
        await using (SmpClient silent = await SmpClient.ConnectAsync(router.Address, new SmpClientOptions { EventCapacity = 1 }))
        {
            long sockets = router.Facts.Sockets;
            queues = await Task.WhenAll(Enumerable.Range(0, Queues).Select(_ => silent.CreateQueueAsync().AsTask()));
            await using SmpClient sender = await SmpClient.ConnectAsync(router.Address);
            for (int i = 0; i < MessagesPerQueue; i++)
            {
                await Task.WhenAll(queues.Select(queue => SendAsync(sender, queue, i).AsTask()));
            }

            // The router drops the silent client; the sender's connection takes its place in the count.
            await Eventually.AtMostAsync(sockets, () => router.Facts.Sockets, "sockets while the silent reader should be dropped");
            output.WriteLine($"{router.Facts.ResidentMebibytes} MiB when the silent reader was dropped");
        }

        await AssertNothingLostAsync(router, queues).WaitAsync(Patience);
        await router.AssertUnharmedAsync(output);
    }

    private static SmpCall<SmpResponse> SendAsync(SmpClient sender, RecipientQueue queue, int number)
    {
        byte[] body = new byte[BodyBytes];
        Array.Fill(body, (byte)number);
        return sender.SendAsync(new SenderQueue(queue.SenderId), body);
    }

    private static async Task AssertNothingLostAsync(AttackedRouter router, RecipientQueue[] queues)
    {
        await using SmpClient reader = await SmpClient.ConnectAsync(router.Address);
        foreach (RecipientQueue queue in queues)
        {
            for (int i = 0; i < MessagesPerQueue; i++)
            {
                ReceivedMessage? message = await reader.GetAsync(queue);
                Assert.Equal(i, message!.Body.Span[0]);
                await reader.AcknowledgeAsync(queue, message.Id);
            }
        }
    }
}
