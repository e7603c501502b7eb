using SimplexActors.Client;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance.Durability;

/// <summary>A router whose disk is full refuses to store, lives on, and stores again as soon as there is space.</summary>
public sealed class FullDiskTests : IAsyncDisposable
{
    private const int DiskMebibytes = 24;
    private const int BodyBytes = 15_000;

    /// <summary>A failure bound: the first message after space returned takes one attempt or few.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private SmallDisk? _disk;
    private RouterProgram? _program;

    [Fact]
    [Spec("S-219", "S-378", "S-491")]
    public async Task A_full_disk_refuses_messages_and_loses_none_that_was_confirmed()
    {
        _disk = await SmallDisk.TryMountAsync(DiskMebibytes);
        Assert.SkipWhen(_disk is null, "mounting a small disk needs root");
        (_program, RouterAddress router) = await RouterProgram.StartDevAsync(_disk.Path, "--set", "store.min_free_disk=0");
        await using SmpClient client = await SmpClient.ConnectAsync(router);
        RecipientQueue[] queues = await CreateQueuesAsync(client);
        var confirmed = new List<int>[queues.Length];
        for (int i = 0; i < queues.Length; i++)
        {
            confirmed[i] = [];
            Assert.True((await SendAsync(client, queues[i], 0)).Succeeded);
            confirmed[i].Add(0);
        }

        await _disk.OccupyAsync();
        await FillAsync(client, queues, confirmed);

        // Everything that needs no space goes on.
        await client.PingAsync();
        Assert.Equal(confirmed[0].Count, (await client.GetInfoAsync(queues[0])).Size);
        ReceivedMessage? message = await client.GetAsync(queues[0]);
        Assert.Equal(0, message!.Body.Span[0]);
        await using (SmpClient newcomer = await SmpClient.ConnectAsync(router))
        {
            await newcomer.PingAsync();
        }

        _disk.Free();
        using var giveUp = new CancellationTokenSource(Patience);
        while (!(await SendAsync(client, queues[0], 250)).Succeeded)
        {
            giveUp.Token.ThrowIfCancellationRequested();
        }

        confirmed[0].Add(250);
        for (int i = 0; i < queues.Length; i++)
        {
            Assert.Equal(confirmed[i], await DrainAsync(client, queues[i]));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_program is not null)
        {
            await _program.DisposeAsync();
        }

        if (_disk is not null)
        {
            await _disk.DisposeAsync();
        }
    }

    private static async Task<RecipientQueue[]> CreateQueuesAsync(SmpClient client)
    {
        var queues = new RecipientQueue[20];
        for (int i = 0; i < queues.Length; i++)
        {
            queues[i] = await client.CreateQueueAsync(new NewQueue { Subscribe = false });
        }

        return queues;
    }

    /// <summary>Sends to all queues until the router says that it cannot store, to each of them.</summary>
    private static async Task FillAsync(SmpClient client, RecipientQueue[] queues, List<int>[] confirmed)
    {
        for (int i = 0; i < queues.Length; i++)
        {
            SmpResult<SmpResponse> result;
            int number = 1;
            while ((result = await SendAsync(client, queues[i], number)).Succeeded)
            {
                confirmed[i].Add(number++);
            }

            Assert.Equal(StoreError.Unavailable, result.Error);
        }
    }

    private static ValueTask<SmpResult<SmpResponse>> SendAsync(SmpClient client, RecipientQueue queue, int number)
    {
        byte[] body = new byte[BodyBytes];
        Array.Fill(body, (byte)number);
        return client.SendAsync(new SenderQueue(queue.SenderId), body).AsResult();
    }

    private static async Task<List<int>> DrainAsync(SmpClient client, RecipientQueue queue)
    {
        var numbers = new List<int>();
        while (await client.GetAsync(queue) is { } message)
        {
            numbers.Add(message.Body.Span[^1]);
            await client.AcknowledgeAsync(queue, message.Id);
        }

        return numbers;
    }
}
