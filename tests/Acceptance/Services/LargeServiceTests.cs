using System.Diagnostics;
using SimplexActors.Acceptance.Support;
using SimplexActors.Client;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Acceptance.Services;

/// <summary>A service with many queues that all hold a message.</summary>
[Collection(nameof(WholeMachine))]
public sealed class LargeServiceTests
{
    private const int Queues = 20_000;

    [Fact]
    [Spec("S-193", "S-314", "S-316", "S-317", "S-318", "S-321", "S-333", "S-499", "S-501")]
    public async Task Everything_comes_once_and_others_do_not_wait_for_a_reader_that_pauses()
    {
        using var folder = new TemporaryFolder();
        using TestService service = await TestService.CreateAsync();
        HashSet<EntityId> expected = await FillAsync(folder.Path, service);
        await using TestRouter router = await TestRouter.StartAsync(folder.Path);
        await using Wire reader = await service.ConnectWireAsync(router);
        await reader.SendAsync(Subs(reader));
        SoksResponse? counted = null;

        // Until nothing of it is read, more is offered than all buffers between the two hold.
        await using (Peer other = await router.ConnectAsync())
        {
            using RecipientQueue queue = await other.Client.CreateQueueAsync();
            for (int i = 0; i < 200; i++)
            {
                await other.Client.SendAsync(queue.Unsecured(), "meanwhile");
                Assert.Equal("meanwhile", await other.ReceiveAsync(queue));
            }
        }

        bool isComplete = false;
        while (!isComplete)
        {
            foreach (Answer answer in await reader.ReceiveAsync())
            {
                Assert.False(isComplete);
                switch (answer.Response)
                {
                    case SoksResponse soks:
                        Assert.Null(counted);
                        counted = soks;
                        break;
                    case MsgResponse:
                        Assert.True(expected.Remove(answer.Entity), "A message came twice or for another queue.");
                        break;
                    default:
                        Assert.IsType<AllsResponse>(answer.Response);
                        isComplete = true;
                        break;
                }
            }
        }

        Assert.Empty(expected);
        Assert.Equal(Queues, counted?.Stored.Count);
    }

    [Fact]
    [Spec("S-200", "S-274", "S-313", "S-316", "S-499")]
    public async Task A_reader_that_never_reads_loses_everything_to_the_next_connection()
    {
        using var folder = new TemporaryFolder();
        using TestService service = await TestService.CreateAsync();
        HashSet<EntityId> expected = await FillAsync(folder.Path, service);
        await using TestRouter router = await TestRouter.StartAsync(folder.Path);
        await using Wire stuck = await service.ConnectWireAsync(router);
        await stuck.SendAsync(Subs(stuck));
        await stuck.ReceiveAsync();
        await using Wire reader = await service.ConnectWireAsync(router);
        await reader.SendAsync(Subs(reader));
        bool isComplete = false;
        while (!isComplete)
        {
            foreach (Answer answer in await reader.ReceiveAsync())
            {
                isComplete |= answer.Response is AllsResponse;
                expected.Remove(answer.Entity);
            }
        }

        Assert.Empty(expected);
    }

    [Fact]
    [Spec("S-204", "S-316", "S-381", "S-482")]
    public async Task A_store_that_cannot_be_read_is_told_and_SUBS_can_be_repeated()
    {
        using var folder = new TemporaryFolder();
        using TestService service = await TestService.CreateAsync();
        await using TestRouter router = await TestRouter.StartAsync(folder.Path);
        await using Wire wire = await service.ConnectWireAsync(router);
        await RunSqlAsync(folder.Path, "ALTER TABLE messages RENAME TO unreadable");
        await wire.SendAsync(Subs(wire));
        IReadOnlyList<Answer> answers = await wire.ReceiveAsync(2);
        Assert.IsType<SoksResponse>(answers[0].Response);
        Assert.Equal((EntityId.Empty, EntityId.Empty), (answers[1].Correlation, answers[1].Entity));
        Assert.IsType<StoreError>(answers[1].Error);

        await RunSqlAsync(folder.Path, "ALTER TABLE unreadable RENAME TO messages");
        await wire.SendAsync(Subs(wire));
        answers = await wire.ReceiveAsync(2);
        Assert.IsType<SoksResponse>(answers[0].Response);
        Assert.IsType<AllsResponse>(answers[1].Response);
    }

    private static byte[] Subs(Wire wire)
    {
        ClientService session = wire.Connection.Service!;
        return wire.Command(new SubsCommand(TestService.Queues()), session.ServiceId, session.SessionKey);
    }

    private static async Task<HashSet<EntityId>> FillAsync(string folder, TestService service)
    {
        EntityId serviceId;
        await using (TestRouter router = await TestRouter.StartAsync(folder))
        {
            await using Peer peer = await service.ConnectAsync(router);
            serviceId = peer.Client.Service!.ServiceId;
            await router.StopAsync(RouterProgram.Sigterm);
        }

        return await LargeService.FillAsync(folder, serviceId, Queues);
    }

    /// <summary>Does what an operator's hand could do to the database of a running router.</summary>
    private static async Task RunSqlAsync(string folder, string sql)
    {
        string script = $"import sqlite3; c = sqlite3.connect('{Path.Combine(folder, "store", "queues.db")}'); c.execute('{sql}'); c.commit()";
        using Process python = Process.Start(new ProcessStartInfo("python3", ["-c", script]))!;
        await python.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, python.ExitCode);
    }
}
