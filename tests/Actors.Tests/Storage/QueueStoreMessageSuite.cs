using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Storage;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Storage;

/// <summary>Suite: messages, their order, expiry and damage; reads beside commits.</summary>
public abstract class QueueStoreMessageSuite : QueueStoreSuite
{
    private const long Now = 1_700_000_000;

    /// <summary>Changes the stored body of a message behind the store's back; the store is closed.</summary>
    protected abstract Task DamageAsync(byte[] body);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(16_064)]
    [InlineData(100_000)]
    [Spec("S-374")]
    public async Task A_message_comes_back_as_it_was_stored(int bodyBytes)
    {
        QueueRecord queue = Samples.Queue();
        MessageHeader header = new(long.MaxValue, EntityId.Random(), Now, Notify: true, IsQuotaMarker: bodyBytes == 0);
        byte[] body = Samples.Bytes(bodyBytes);
        await CommitAsync(Samples.Create(queue), Samples.Add(queue, header, body));
        await ReopenAsync();

        Assert.Equal(header, Assert.Single((await LoadAsync(queue.RecipientId))!.Messages));
        await AssertBodyAsync(queue, header, body);
    }

    [Fact]
    [Spec("S-383")]
    public async Task Messages_come_in_the_order_of_their_sequence_and_leave_one_by_one()
    {
        QueueRecord[] queues = [Samples.Queue(), Samples.Queue(), Samples.Queue()];
        await CommitAsync([.. queues.Select(queue => Samples.Create(queue))]);
        MessageHeader[] headers = [.. Enumerable.Range(1, 129).Select(sequence => Samples.Header(sequence))];
        byte[] body = Samples.Bytes(2_000);
        foreach (MessageHeader[] group in headers.Chunk(10))
        {
            await CommitAsync([.. group.SelectMany(header => queues.Select(queue => Samples.Add(queue, header, body)))]);
        }

        await CommitAsync(Samples.Remove(queues[1], 1), Samples.Remove(queues[1], 64), Samples.Remove(queues[1], 129), Samples.Remove(queues[1], 500));

        Assert.Equal(headers, (await LoadAsync(queues[0].RecipientId))!.Messages);
        Assert.Equal(headers.Where(header => header.Sequence is not (1 or 64 or 129)), (await LoadAsync(queues[1].RecipientId))!.Messages);
        Assert.Equal(headers, (await LoadAsync(queues[2].RecipientId))!.Messages);
        Assert.Equal(new StoreCounts(3, (129 * 3) - 3, 0, 0), await Store.CountAsync(Cancellation));
    }

    [Fact]
    public async Task The_bytes_in_use_grow_with_what_is_stored_and_shrink_with_what_is_deleted()
    {
        const int Count = 100;
        const int BodyBytes = 16_000;
        QueueRecord queue = Samples.Queue();
        await CommitAsync(Samples.Create(queue));
        long empty = await Store.MeasureAsync(Cancellation);
        Assert.True(empty > 0);
        await CommitAsync([.. Enumerable.Range(1, Count).Select(i => Samples.Add(queue, Samples.Header(i), Samples.Bytes(BodyBytes)))]);
        long full = await Store.MeasureAsync(Cancellation);
        Assert.InRange(full - empty, Count * BodyBytes, 2 * Count * BodyBytes);
        await CommitAsync([.. Enumerable.Range(1, Count).Select(i => Samples.Remove(queue, i))]);
        Assert.InRange(await Store.MeasureAsync(Cancellation), empty, empty + ((full - empty) / 10));
    }

    [Fact]
    public async Task A_message_that_left_is_missing_also_when_its_sequence_is_used_again()
    {
        QueueRecord queue = Samples.Queue();
        MessageHeader first = Samples.Header(1);
        MessageHeader second = Samples.Header(1);
        await CommitAsync(Samples.Create(queue), Samples.Add(queue, first, Samples.Bytes(50)));
        byte[] body = Samples.Bytes(50);
        await CommitAsync(Samples.Remove(queue, 1), Samples.Add(queue, second, body));

        Assert.Equal(MessageBodyState.Missing, (await Store.ReadBodyAsync(queue.RecipientId, first, Cancellation)).State);
        Assert.Equal(MessageBodyState.Missing, (await Store.ReadBodyAsync(queue.RecipientId, Samples.Header(2), Cancellation)).State);
        await AssertBodyAsync(queue, second, body);
    }

    [Fact]
    public async Task A_damaged_message_is_never_delivered_and_its_queue_goes_on()
    {
        QueueRecord queue = Samples.Queue();
        MessageHeader[] headers = [Samples.Header(1), Samples.Header(2), Samples.Header(3)];
        byte[][] bodies = [Samples.Bytes(16_000), Samples.Bytes(16_000), Samples.Bytes(100)];
        await CommitAsync([Samples.Create(queue), .. headers.Zip(bodies, (header, body) => Samples.Add(queue, header, body))]);
        await CloseAsync();
        await DamageAsync(bodies[0]);
        await DamageAsync(bodies[2]);
        await ReopenAsync();

        foreach (int damaged in (int[])[0, 2])
        {
            MessageBody read = await Store.ReadBodyAsync(queue.RecipientId, headers[damaged], Cancellation);
            Assert.Equal(MessageBodyState.Corrupt, read.State);
            Assert.True(read.Body.IsEmpty);
        }

        await AssertBodyAsync(queue, headers[1], bodies[1]);
        Assert.Equal(headers[1], Assert.Single((await LoadAsync(queue.RecipientId))!.Messages));
        Assert.Equal(MessageBodyState.Missing, (await Store.ReadBodyAsync(queue.RecipientId, headers[0], Cancellation)).State);
        await CommitAsync(Samples.Add(queue, Samples.Header(1), bodies[0]));
    }

    [Fact]
    public async Task Expired_messages_are_found_page_by_page_but_markers_are_not()
    {
        List<QueueRecord> old = [];
        for (int i = 0; i < 60; i++)
        {
            QueueRecord queue = Samples.Queue();
            bool isOld = i % 3 == 0;
            bool isMarker = i % 3 == 1;
            await CommitAsync(
                Samples.Create(queue),
                Samples.Add(queue, new MessageHeader(1, EntityId.Random(), isOld || isMarker ? Now - 1 : Now, false, isMarker), []),
                Samples.Add(queue, new MessageHeader(2, EntityId.Random(), isOld ? Now - 1 : Now, false, false), Samples.Bytes(10)));
            if (isOld)
            {
                old.Add(queue);
            }
        }

        var found = new HashSet<EntityId>();
        for (ExpiryCursor? cursor = default(ExpiryCursor); cursor is { } from;)
        {
            (IReadOnlyList<EntityId> page, cursor) = await Store.FindExpiredAsync(Now, from, 7, Cancellation);
            Assert.InRange(page.Count, 0, 7);
            Assert.Distinct(page);
            found.UnionWith(page);
        }

        Assert.Equal(old.Select(queue => queue.RecipientId).ToHashSet(), found);
        (IReadOnlyList<EntityId> none, ExpiryCursor? end) = await Store.FindExpiredAsync(Now - 1, default, 7, Cancellation);
        Assert.Empty(none);
        Assert.Null(end);
    }

    [Fact]
    [Spec("S-284")]
    public async Task Expired_messages_are_found_behind_any_number_of_younger_ones()
    {
        QueueRecord young = Samples.Queue();
        QueueRecord old = Samples.Queue();
        await CommitAsync(Samples.Create(young), Samples.Create(old));
        await CommitAsync([.. Enumerable.Range(1, StoreLimits.ExpiryScanRows + 1).Select(i => Samples.Add(young, Samples.Header(i, Now + 1), []))]);
        await CommitAsync(Samples.Add(old, Samples.Header(1, Now - 1), []));
        (IReadOnlyList<EntityId> found, ExpiryCursor? next) = await Store.FindExpiredAsync(Now, default, 7, Cancellation);
        Assert.Equal([old.RecipientId], found);
        Assert.Null(next);
    }

    [Fact]
    public async Task Very_many_expired_messages_of_one_queue_are_passed_over_page_by_page()
    {
        QueueRecord[] queues = [Samples.Queue(), Samples.Queue()];
        await CommitAsync(Samples.Create(queues[0]), Samples.Create(queues[1]));
        await CommitAsync([.. Enumerable.Range(1, StoreLimits.ExpiryScanRows + 1).Select(i => Samples.Add(queues[0], Samples.Header(i, Now - 1), []))]);
        await CommitAsync(Samples.Add(queues[1], Samples.Header(1, Now - 1), []));
        var found = new List<EntityId>();
        for (ExpiryCursor? cursor = default(ExpiryCursor); cursor is { } from;)
        {
            (IReadOnlyList<EntityId> page, cursor) = await Store.FindExpiredAsync(Now, from, 7, Cancellation);
            found.AddRange(page);
        }

        Assert.Equal([queues[0].RecipientId, queues[0].RecipientId, queues[1].RecipientId], found);
    }

    [Fact]
    public async Task Reads_beside_commits_see_all_that_was_committed_before_they_began()
    {
        const int Messages = 400;
        QueueRecord queue = Samples.Queue();
        await CommitAsync(Samples.Create(queue));
        int committed = 0;
        Task[] readers = [.. Enumerable.Range(0, 4).Select(_ => ReadAsync())];
        for (int sequence = 1; sequence <= Messages; sequence++)
        {
            await CommitAsync(Samples.Add(queue, Samples.Header(sequence), Samples.Bytes(5_000)));
            Volatile.Write(ref committed, sequence);
        }

        await Task.WhenAll(readers);

        async Task ReadAsync()
        {
            int seen = 0;
            while (seen < Messages)
            {
                int before = Volatile.Read(ref committed);
                IReadOnlyList<MessageHeader> headers = (await LoadAsync(queue.RecipientId))!.Messages;
                Assert.Equal(Enumerable.Range(1, headers.Count), headers.Select(header => (int)header.Sequence));
                Assert.InRange(headers.Count, Math.Max(seen, before), Messages);
                seen = headers.Count;
                if (seen > 0)
                {
                    MessageBody body = await Store.ReadBodyAsync(queue.RecipientId, headers[^1], Cancellation);
                    Assert.Equal((MessageBodyState.Found, 5_000), (body.State, body.Body.Length));
                }
            }
        }
    }

    [Fact]
    public async Task What_was_committed_is_there_after_many_commits_and_deletions()
    {
        QueueRecord[] queues = [.. Enumerable.Range(0, 8).Select(_ => Samples.Queue())];
        await CommitAsync([.. queues.Select(queue => Samples.Create(queue))]);
        var random = new Random(20_261_121);
        var expected = new Dictionary<(int Queue, long Sequence), (MessageHeader Header, byte[] Body)>();
        for (int round = 1; round <= 150; round++)
        {
            var sets = new List<WriteSet<QueueChange>>();
            for (int queue = 0; queue < queues.Length; queue++)
            {
                MessageHeader header = Samples.Header(round, Now + round);
                byte[] body = Samples.Bytes(random.Next(17_000));
                sets.Add(Samples.Add(queues[queue], header, body));
                expected[(queue, round)] = (header, body);
                long gone = random.Next(1, round + 1);
                if (expected.Remove((queue, gone)))
                {
                    sets.Add(Samples.Remove(queues[queue], gone));
                }
            }

            await CommitAsync([.. sets]);
        }

        await ReopenAsync();
        for (int queue = 0; queue < queues.Length; queue++)
        {
            var mine = expected.Where(entry => entry.Key.Queue == queue).OrderBy(entry => entry.Key.Sequence).Select(entry => entry.Value).ToList();
            Assert.Equal(mine.Select(message => message.Header), (await LoadAsync(queues[queue].RecipientId))!.Messages);
            foreach ((MessageHeader header, byte[] body) in mine)
            {
                await AssertBodyAsync(queues[queue], header, body);
            }
        }
    }

    [Fact]
    public async Task A_cancelled_call_does_nothing()
    {
        QueueRecord queue = Samples.Queue();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        Assert.Equal(CommitOutcome.Failed, (await Store.CommitAsync([Samples.Create(queue)], cancelled.Token)).Outcome);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.LoadAsync([queue.RecipientId], cancelled.Token));
        Assert.Null(await LoadAsync(queue.RecipientId));
    }

    [Fact]
    public async Task A_closed_store_refuses_calls()
    {
        IQueueStore store = Store;
        await CloseAsync();
        Assert.Equal(CommitOutcome.Failed, (await store.CommitAsync([Samples.Create(Samples.Queue())], Cancellation)).Outcome);
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.LoadAsync([EntityId.Random()], Cancellation));
    }

    private async Task AssertBodyAsync(QueueRecord queue, MessageHeader header, byte[] expected)
    {
        MessageBody read = await Store.ReadBodyAsync(queue.RecipientId, header, Cancellation);
        Assert.Equal(MessageBodyState.Found, read.State);
        Assert.Equal(expected, read.Body.ToArray());
    }
}
