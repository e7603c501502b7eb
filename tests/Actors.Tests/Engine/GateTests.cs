using SimplexActors.Actors.Engine;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Engine;

/// <summary>Decide, persist, then act.</summary>
public sealed class GateTests
{
    private static readonly string[] AllRefused = ["StoreFailed", "StoreFailed", "StoreFailed"];

    [Fact]
    public async Task Effects_wait_for_the_commit()
    {
        await using var bureau = new Bureau();
        EntityId id = await bureau.LoadedAsync();
        bureau.Store.Commits.Close();
        Task<Answer> added = bureau.Add(id);
        await bureau.Store.Commits.ArrivalAsync();
        Assert.False(added.IsCompleted);
        Assert.Equal(1, bureau.Store.CountOf(id));

        bureau.Store.Commits.Open();
        Assert.Equal(2, (await added).Count);
        Assert.Equal(2, bureau.Store.CountOf(id));
    }

    [Fact]
    public async Task A_decision_without_changes_waits_for_earlier_commits_of_its_entity_only()
    {
        await using var bureau = new Bureau();
        EntityId busy = await bureau.LoadedAsync();
        EntityId calm = await bureau.LoadedAsync();
        bureau.Store.Commits.Close();
        Task<Answer> added = bureau.Add(busy);
        await bureau.Store.Commits.ArrivalAsync();
        Task<Answer> looked = bureau.Look(busy);
        Assert.Equal(1, (await bureau.Look(calm)).Count);
        Assert.False(looked.IsCompleted);

        bureau.Store.Commits.Open();
        Assert.Equal(2, (await looked).Count);
        Assert.True(added.IsCompleted);
        Assert.Equal([(await added).Ticket, (await looked).Ticket], bureau.Performed.Where(answer => answer.Id == busy).Skip(1).Select(answer => answer.Ticket));
    }

    [Fact]
    public async Task What_arrives_during_a_commit_is_stored_by_the_next_one_together()
    {
        await using var bureau = new Bureau();
        EntityId first = await bureau.LoadedAsync();
        EntityId second = await bureau.LoadedAsync();
        bureau.Store.Commits.Close();
        List<Task<Answer>> answers = [bureau.Add(first)];
        await bureau.Store.Commits.ArrivalAsync();
        for (int i = 0; i < 10; i++)
        {
            answers.Add(bureau.Add(first));
            answers.Add(bureau.Add(second));
        }

        await bureau.FlushTurnAsync();
        bureau.Store.Commits.Open();
        Assert.All(await Task.WhenAll(answers), answer => Assert.Equal("ok", answer.What));
        Assert.Equal([1, 20], bureau.Store.CommitSizes);
        Assert.Equal(new WriterMetrics(0, 2, 21, 0), bureau.Writer.Metrics);
    }

    [Fact]
    [Spec("S-378")]
    public async Task A_failed_commit_refuses_everything_that_rests_on_it_and_the_entity_is_read_again()
    {
        await using var bureau = new Bureau();
        EntityId id = await bureau.LoadedAsync();
        bureau.Store.Commits.Close();
        bureau.Store.Script.Enqueue(Verdict.Fail);
        Task<Answer> first = bureau.Add(id);
        await bureau.Store.Commits.ArrivalAsync();
        Task<Answer> second = bureau.Add(id);
        Task<Answer> look = bureau.Look(id);
        await bureau.FlushTurnAsync();
        bureau.Store.Commits.Open();

        Assert.Equal(AllRefused, (await Task.WhenAll(first, second, look)).Select(answer => answer.What));
        Assert.Equal([1], bureau.Store.CommitSizes);
        Assert.Equal(2, (await bureau.Add(id)).Count);
        Assert.Contains(bureau.Log.Lines, line => line.Id == 1003);
    }

    [Fact]
    public async Task A_failed_commit_leaves_other_entities_alone()
    {
        await using var bureau = new Bureau();
        EntityId failing = await bureau.LoadedAsync();
        EntityId other = await bureau.LoadedAsync();
        bureau.Store.Commits.Close();
        bureau.Store.Script.Enqueue(Verdict.Fail);
        Task<Answer> first = bureau.Add(failing);
        await bureau.Store.Commits.ArrivalAsync();
        Task<Answer> second = bureau.Add(other);
        bureau.Store.Commits.Open();
        Assert.Equal("StoreFailed", (await first).What);
        Assert.Equal("ok", (await second).What);
    }

    [Fact]
    public async Task A_subscription_survives_a_failed_commit_and_one_made_in_vain_does_not()
    {
        await using var bureau = new Bureau();
        EntityId id = await bureau.LoadedAsync();
        Assert.Equal("ok", (await bureau.Subscribe(id, 7)).What);
        bureau.Store.Commits.Close();
        bureau.Store.Script.Enqueue(Verdict.Fail);
        Task<Answer> added = bureau.Add(id);
        await bureau.Store.Commits.ArrivalAsync();
        Task<Answer> subscribed = bureau.Subscribe(id, 8);
        await bureau.FlushTurnAsync();
        bureau.Store.Commits.Open();
        Assert.Equal("StoreFailed", (await added).What);
        Assert.Equal("StoreFailed", (await subscribed).What);

        Answer after = await bureau.Look(id);
        Assert.Equal((1, 7), (after.Count, after.Subscriber));
        Assert.Contains(bureau.Performed, answer => answer is { What: "recovered", Subscriber: 7 });
    }

    [Fact]
    public async Task A_connection_that_ended_while_a_commit_failed_stays_ended()
    {
        await using var bureau = new Bureau();
        EntityId id = await bureau.LoadedAsync();
        await bureau.Subscribe(id, 7);
        bureau.Store.Commits.Close();
        bureau.Store.Script.Enqueue(Verdict.Fail);
        Task<Answer> added = bureau.Add(id);
        await bureau.Store.Commits.ArrivalAsync();
        Assert.Equal(TellResult.Taken, bureau.Region.TryTell(id, new Order.End(7)));
        await bureau.FlushTurnAsync();
        bureau.Store.Commits.Open();
        Assert.Equal("StoreFailed", (await added).What);
        Assert.Equal(0, (await bureau.Look(id)).Subscriber);
    }

    [Theory]
    [InlineData(Verdict.UnknownStored, 2)]
    [InlineData(Verdict.UnknownNotStored, 1)]
    [InlineData(Verdict.Throw, 1)]
    public async Task After_an_unknown_outcome_nothing_is_answered_before_the_store_was_read(Verdict verdict, int count)
    {
        await using var bureau = new Bureau();
        EntityId id = await bureau.LoadedAsync();
        int reads = bureau.Store.ReadSizes.Count;
        bureau.Store.Reads.Close();
        bureau.Store.Script.Enqueue(verdict);
        Task<Answer> added = bureau.Add(id);
        await bureau.Store.Reads.ArrivalAsync();
        Task<Answer> looked = bureau.Look(id);
        Assert.False(added.IsCompleted);

        bureau.Store.Reads.Open();
        Assert.Equal("StoreFailed", (await added).What);
        Assert.Equal(count, (await looked).Count);
        Assert.Equal(reads + 1, bureau.Store.ReadSizes.Count);
        Assert.Equal(["recovered", "StoreFailed", "ok"], bureau.Performed.Skip(1).Select(answer => answer.What));
    }

    [Fact]
    public async Task After_an_unknown_outcome_the_store_is_asked_until_it_answers()
    {
        await using var bureau = new Bureau();
        EntityId id = await bureau.LoadedAsync();
        bool fails = true;
        bureau.Store.ReadFails = () => fails;
        bureau.Store.Script.Enqueue(Verdict.UnknownStored);
        Task<Answer> added = bureau.Add(id);
        for (int attempt = 0; attempt < 5; attempt++)
        {
            // The region's sweep and the pause.
            await bureau.Time.TimersArmedAsync(2);
            bureau.Time.Advance(Limits.LoadRetry);
        }

        await bureau.Time.TimersArmedAsync(2);
        Assert.False(added.IsCompleted);
        fails = false;
        bureau.Time.Advance(Limits.LoadRetry);
        Assert.Equal("StoreFailed", (await added).What);
        Assert.Equal(2, (await bureau.Look(id)).Count);
    }

    [Fact]
    public async Task The_first_answer_of_the_store_ends_the_pause_of_all()
    {
        await using var bureau = new Bureau();
        EntityId id = await bureau.LoadedAsync();
        bool fails = true;
        bureau.Store.ReadFails = () => fails;
        bureau.Store.Script.Enqueue(Verdict.UnknownStored);
        Task<Answer> added = bureau.Add(id);
        await bureau.Time.TimersArmedAsync(2);
        fails = false;

        // The clock stands still.
        Assert.Equal(0, (await bureau.Look(EntityId.Random())).Count);
        Assert.Equal("StoreFailed", (await added).What);
        Assert.Equal(2, (await bureau.Look(id)).Count);
    }

    [Fact]
    public async Task A_conflict_is_answered_as_such_and_nothing_is_stored_on_top_of_it()
    {
        await using var bureau = new Bureau();
        EntityId id = await bureau.LoadedAsync();
        EntityId other = await bureau.LoadedAsync();
        bureau.Store.Commits.Close();
        Task<Answer> first = bureau.Add(other);
        await bureau.Store.Commits.ArrivalAsync();
        int taken = bureau.Ticket();
        bureau.Store.IsTaken = change => change.Ticket == taken;
        Task<Answer> claimed = bureau.Ask(id, new Order.Claim(taken));
        Task<Answer> added = bureau.Add(id);
        Task<Answer> unharmed = bureau.Add(other);
        await bureau.FlushTurnAsync();
        bureau.Store.Commits.Open();

        Assert.Equal("taken", (await claimed).What);
        Assert.Equal("StoreFailed", (await added).What);
        Assert.Equal("ok", (await first).What);
        Assert.Equal(3, (await unharmed).Count);
        Assert.Equal(2, (await bureau.Add(id)).Count);
    }

    [Fact]
    public async Task A_decision_made_while_an_earlier_one_fails_is_refused_too()
    {
        await using var bureau = new Bureau(new ShardRegionOptions { Shards = 1, RunOnCaller = false });
        EntityId id = await bureau.LoadedAsync();
        EntityId other = await bureau.LoadedAsync();
        bureau.Store.Commits.Close();
        Task<Answer> first = bureau.Add(other);
        await bureau.Store.Commits.ArrivalAsync();
        int taken = bureau.Ticket();
        bureau.Store.IsTaken = change => change.Ticket == taken;
        Task<Answer> claimed = bureau.Ask(id, new Order.Claim(taken));
        Task<Answer> added = bureau.Add(other);
        await bureau.FlushTurnAsync();

        // The store answers in the middle of the next decision: the conflict, then a success of the same shard.
        int looking = bureau.Ticket();
        using var published = new ManualResetEventSlim();
        bureau.Kind.OnDecide = (_, order) =>
        {
            if (order.Ticket == looking)
            {
                bureau.Store.Commits.Open();
                Assert.True(published.WaitHandle.WaitOne(TimeSpan.FromSeconds(60)));
            }
        };
        Task<Answer> looked = bureau.Ask(id, new Order.Look(looking));
        await Task.WhenAll(first, added);
        await bureau.Writer.FlushAsync();
        published.Set();
        Assert.Equal("taken", (await claimed).What);
        Assert.Equal("StoreFailed", (await looked).What);
        Assert.Equal(1, (await bureau.Look(id)).Count);
    }

    [Fact]
    public async Task A_full_writer_stops_the_shards_and_room_starts_them_again()
    {
        await using var bureau = new Bureau(new ShardRegionOptions { Shards = 1, InboxCommandsPerShard = 4 }, maxWaiting: 2);
        EntityId id = await bureau.LoadedAsync();
        bureau.Store.Commits.Close();
        List<Task<Answer>> answers = [bureau.Add(id)];
        await bureau.Store.Commits.ArrivalAsync();

        // One by one: a turn looks whether the writer is full before it hands over what it decided.
        for (int waits = 1; waits <= 2; waits++)
        {
            answers.Add(bureau.Add(id));
            await bureau.FlushTurnAsync();
            Assert.Equal(waits, bureau.Writer.Metrics.Waiting);
        }

        int told = 2 + await bureau.FillAsync(id, atMost: 4 + 4);
        Assert.Equal(2, bureau.Writer.Metrics.Waiting);
        ValueTask waiting = bureau.Region.TellAsync(id, new Order.Look(1_000), TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        bureau.Store.Commits.Open();
        await waiting;
        Assert.Equal(told + 2, (await bureau.AnswerOf(1_000)).Count);
    }
}
