using System.Collections.Concurrent;
using SimplexActors.Actors.Engine;
using SimplexActors.Protocol.Encoding;
using Xunit;

namespace SimplexActors.Actors.Tests.Engine;

/// <summary>Shards that open and close, are suspended and are lost.</summary>
public sealed class OpeningTests
{
    private static readonly ShardRegionOptions Closed = new() { Shards = 1, StartsClosed = true };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_closed_shard_takes_nothing_until_it_is_opened()
    {
        await using var bureau = new Bureau(Closed);
        EntityId id = bureau.Stored();
        Assert.Equal(TellResult.NotHere, bureau.Region.TryTell(id, new Order.Look(bureau.Ticket())));
        Assert.False(await bureau.Region.TellHereAsync(id, new Order.Look(bureau.Ticket()), Token));
        var told = new Order.Look(bureau.Ticket());
        await bureau.Region.TellAsync(id, told, Token);
        Assert.Equal([(id, told)], bureau.Returned);

        bureau.Region.Open(0, 1);
        Assert.Equal("ok", (await bureau.Look(id)).What);
        Assert.True(await bureau.Region.TellHereAsync(id, new Order.Look(bureau.Ticket()), Token));
    }

    [Fact]
    public async Task What_is_stored_names_the_claim_under_which_it_was_decided()
    {
        await using var bureau = new Bureau(new ShardRegionOptions { Shards = 3, StartsClosed = true });
        EntityId[] ids = [.. Enumerable.Range(0, 20).Select(_ => bureau.Stored())];
        for (int round = 1; round <= 2; round++)
        {
            for (int shard = 0; shard < 3; shard++)
            {
                bureau.Region.Open(shard, (10 * round) + shard);
            }

            bureau.Store.Claims.Clear();
            await Task.WhenAll(ids.Select(bureau.Add));
            ShardClaim[] expected = [.. ids.Select(id => Sharding.ShardOf(id, 3)).Select(shard => new ShardClaim(shard, (10 * round) + shard)).OrderBy(claim => claim.Shard)];
            Assert.Equal(expected, bureau.Store.Claims.OrderBy(claim => claim.Shard));
            await Task.WhenAll(Enumerable.Range(0, 3).Select(bureau.Region.CloseAsync));
        }
    }

    [Fact]
    public async Task Closing_hands_back_what_is_undecided_in_order_and_answers_what_was_decided()
    {
        await using var bureau = new Bureau(Closed);
        bureau.Region.Open(0, 1);
        EntityId known = await bureau.LoadedAsync();
        EntityId loading = bureau.Stored();
        bureau.Store.Commits.Close();
        bureau.Store.Reads.Close();
        Task<Answer> decided = bureau.Add(known);
        await bureau.Store.Commits.ArrivalAsync();
        Order[] parked = [.. Enumerable.Range(0, 3).Select(_ => new Order.Add(bureau.Ticket()))];
        foreach (Order order in parked)
        {
            Assert.Equal(TellResult.Taken, bureau.Region.TryTell(loading, order));
        }

        await bureau.Store.Reads.ArrivalAsync();
        Task closed = bureau.Region.CloseAsync(0);
        while (bureau.Region.TryTell(known, new Order.Look(bureau.Ticket())) != TellResult.NotHere)
        {
            await Task.Yield();
        }

        Assert.False(closed.IsCompleted);
        Assert.False(decided.IsCompleted);
        Assert.Equal(parked, bureau.Returned.Where(one => one.Id == loading).Select(one => one.Order));
        int[] later = [.. bureau.Returned.Where(one => one.Id == known).Select(one => one.Order.Ticket)];
        Assert.Equal(later.Order(), later);
        bureau.Store.Commits.Open();
        await closed;
        Assert.Equal("ok", (await decided).What);
        Assert.Equal((0, 0, 0, 0), (bureau.Region.Metrics.Loaded, bureau.Region.Metrics.Passive, bureau.Region.Metrics.Loading, bureau.Region.Metrics.Parked));
        bureau.Store.Reads.Open();

        // What was being read for the closed shard is not taken for the truth of the next opening.
        bureau.Store.Seed(loading, 5);
        bureau.Region.Open(0, 2);
        Assert.Equal(5, (await bureau.Look(loading)).Count);
    }

    [Fact]
    public async Task A_subscription_leaves_with_its_shard()
    {
        await using var bureau = new Bureau(Closed);
        bureau.Region.Open(0, 1);
        EntityId loaded = await bureau.LoadedAsync();
        EntityId passive = await bureau.LoadedAsync();
        await bureau.Subscribe(passive, 7);
        await bureau.PassivateAllAsync();
        await bureau.Subscribe(loaded, 7);
        Assert.Equal((1, 1), (bureau.Region.Metrics.Loaded, bureau.Region.Metrics.Passive));
        await bureau.Region.CloseAsync(0);
        bureau.Region.Open(0, 2);
        Assert.Equal(0, (await bureau.Look(loaded)).Subscriber);
        Assert.Equal(0, (await bureau.Look(passive)).Subscriber);
    }

    [Fact]
    public async Task A_lost_shard_refuses_what_was_decided_in_vain_and_says_so_once()
    {
        ConcurrentQueue<int> fenced = [];
        await using var bureau = new Bureau(new ShardRegionOptions { Shards = 2, StartsClosed = true, OnFenced = fenced.Enqueue });
        bureau.Region.Open(0, 1);
        bureau.Region.Open(1, 1);
        EntityId[] lost = [bureau.Of(0, 2), bureau.Of(0, 2)];
        EntityId kept = bureau.Of(1, 2);
        await Task.WhenAll(bureau.Look(lost[0]), bureau.Look(lost[1]), bureau.Look(kept));
        bureau.Store.Commits.Close();
        Task<Answer> first = bureau.Add(kept);
        await bureau.Store.Commits.ArrivalAsync();
        Task<Answer>[] vain = [bureau.Add(lost[0]), bureau.Add(lost[0]), bureau.Look(lost[0]), bureau.Add(lost[1])];
        Task<Answer> stored = bureau.Add(kept);
        await bureau.FlushTurnAsync();
        bureau.Store.Fence(0, 2);
        bureau.Store.Commits.Open();

        Assert.Equal("ok", (await first).What);
        Assert.Equal("ok", (await stored).What);
        Assert.All(await Task.WhenAll(vain), answer => Assert.Equal("StoreFailed", answer.What));
        await bureau.Region.SuspendAsync(0);
        Assert.Equal([0], fenced);
        Assert.Equal(TellResult.NotHere, bureau.Region.TryTell(lost[1], new Order.Look(bureau.Ticket())));
        Assert.Equal("ok", (await bureau.Look(kept)).What);
        Assert.Contains(bureau.Log.Lines, line => line.Id == 1007);

        await bureau.Region.DropAsync(0);
        bureau.Store.Seed(lost[0], 9);
        bureau.Region.Open(0, 2);
        Assert.Equal(10, (await bureau.Add(lost[0])).Count);
        Assert.Empty(bureau.Returned);
    }

    [Theory]
    [InlineData(Verdict.Commit, "ok")]
    [InlineData(Verdict.Fail, "StoreFailed")]
    [InlineData(Verdict.UnknownStored, "StoreFailed")]
    public async Task Dropping_waits_for_the_writer_and_answers_by_what_it_says(Verdict verdict, string answer)
    {
        await using var bureau = new Bureau(Closed);
        bureau.Region.Open(0, 1);
        EntityId id = await bureau.LoadedAsync();
        bureau.Store.Commits.Close();
        bureau.Store.Script.Enqueue(verdict);
        bureau.Store.ReadFails = () => true;
        Task<Answer> added = bureau.Add(id);
        await bureau.Store.Commits.ArrivalAsync();
        Task dropped = bureau.Region.DropAsync(0);
        Assert.False(dropped.IsCompleted);
        bureau.Store.Commits.Open();
        await dropped;
        Assert.True(added.IsCompleted);
        Assert.Equal(answer, (await added).What);
        Assert.Empty(bureau.Returned);
        Assert.Equal(0, bureau.Region.Metrics.Loaded + bureau.Region.Metrics.Loading);
        bureau.Store.ReadFails = () => false;
        bureau.Region.Open(0, 2);
        Assert.Equal(verdict == Verdict.Fail ? 1 : 2, (await bureau.Look(id)).Count);
    }

    [Fact]
    public async Task A_suspended_shard_keeps_what_is_in_memory()
    {
        await using var bureau = new Bureau(Closed);
        bureau.Region.Open(0, 1);
        EntityId id = await bureau.LoadedAsync();
        await bureau.Subscribe(id, 7);
        int reads = bureau.Store.ReadSizes.Count;
        await bureau.Region.SuspendAsync(0);
        Assert.Equal(TellResult.NotHere, bureau.Region.TryTell(id, new Order.Look(bureau.Ticket())));
        bureau.Region.Resume(0);
        Answer answer = await bureau.Add(id);
        Assert.Equal((2, 7), (answer.Count, answer.Subscriber));
        Assert.Equal(reads, bureau.Store.ReadSizes.Count);
        Assert.Equal([new ShardClaim(0, 1)], bureau.Store.Claims);
    }

    [Fact]
    public async Task An_entity_that_has_to_recover_does_so_after_its_shard_resumed()
    {
        await using var bureau = new Bureau(Closed);
        bureau.Region.Open(0, 1);
        EntityId id = await bureau.LoadedAsync();
        await bureau.Subscribe(id, 7);
        bureau.Store.Commits.Close();
        bureau.Store.Script.Enqueue(Verdict.UnknownStored);
        Task<Answer> added = bureau.Add(id);
        await bureau.Store.Commits.ArrivalAsync();
        await bureau.Region.SuspendAsync(0);
        bureau.Store.Reads.Close();
        bureau.Store.Commits.Open();
        await bureau.Store.Reads.ArrivalAsync();
        Assert.Equal("StoreFailed", (await added).What);
        bureau.Store.Reads.Open();
        await bureau.Region.SurveyAsync(() => 0, (_, _, _) => { });
        Assert.DoesNotContain(bureau.Performed, answer => answer.What == "recovered");

        bureau.Region.Resume(0);
        Answer after = await bureau.Look(id);
        Assert.Equal((2, 7), (after.Count, after.Subscriber));
        Assert.Contains(bureau.Performed, answer => answer is { What: "recovered", Count: 2, Subscriber: 7 });
    }

    [Fact]
    public async Task A_suspended_shard_can_be_dropped()
    {
        await using var bureau = new Bureau(Closed);
        bureau.Region.Open(0, 1);
        EntityId id = await bureau.LoadedAsync();
        await bureau.Region.SuspendAsync(0);
        await bureau.Region.DropAsync(0);
        Assert.Throws<InvalidOperationException>(() => bureau.Region.Resume(0));
        bureau.Store.Seed(id, 4);
        bureau.Region.Open(0, 2);
        Assert.Throws<InvalidOperationException>(() => bureau.Region.Open(0, 3));
        Assert.Equal(4, (await bureau.Look(id)).Count);
    }

    [Fact]
    public async Task Without_a_lease_nothing_is_decided_and_everything_handed_back()
    {
        var lease = new SwitchedLease();
        await using var bureau = new Bureau(Closed with { Lease = lease });
        bureau.Region.Open(0, 1);
        EntityId id = await bureau.LoadedAsync();
        lease.IsValid = false;
        var order = new Order.Add(bureau.Ticket());
        await bureau.Region.TellAsync(id, order, Token);
        await bureau.Region.SuspendAsync(0);
        Assert.Equal([(id, order)], bureau.Returned);
        Assert.Equal(1, bureau.Store.CountOf(id));

        lease.IsValid = true;
        bureau.Region.Resume(0);
        Assert.Equal(2, (await bureau.Add(id)).Count);
    }

    [Fact]
    public async Task A_shard_that_suspends_itself_while_it_is_resumed_goes_on()
    {
        var lease = new SwitchedLease();
        await using var bureau = new Bureau(Closed with { Lease = lease });
        bureau.Region.Open(0, 1);
        EntityId id = await bureau.LoadedAsync();
        lease.IsValid = false;
        bureau.Kind.OnDecide = (_, _) => Assert.Fail("decided without a lease");
        await bureau.Region.TellAsync(id, new Order.Look(bureau.Ticket()), Token);
        bureau.Kind.OnDecide = null;
        lease.IsValid = true;
        bureau.Region.Resume(0);
        Task<Answer> answer = bureau.AnswerOf(1_000);
        await bureau.Region.TellAsync(id, new Order.Look(1_000), Token);
        while (!answer.IsCompleted)
        {
            // What it takes on its way to suspend itself comes back.
            if (bureau.Returned.TryDequeue(out (EntityId Id, Order Order) back))
            {
                await bureau.Region.TellAsync(back.Id, back.Order, Token);
            }

            await Task.Yield();
        }

        Assert.Equal("ok", (await answer).What);
    }

    [Fact]
    public async Task A_lease_that_ends_during_a_decision_keeps_what_rests_on_memory_from_being_said()
    {
        var lease = new SwitchedLease();
        await using var bureau = new Bureau(Closed with { Lease = lease });
        bureau.Region.Open(0, 1);
        EntityId id = await bureau.LoadedAsync();
        bureau.Kind.OnDecide = (_, _) => lease.IsValid = false;
        var order = new Order.Subscribe(bureau.Ticket(), 7);
        await bureau.Region.TellAsync(id, order, Token);
        await bureau.Region.SuspendAsync(0);
        Assert.Equal([(id, order)], bureau.Returned);
        Assert.DoesNotContain(bureau.Performed, answer => answer.Ticket == order.Ticket);

        bureau.Kind.OnDecide = null;
        lease.IsValid = true;
        bureau.Region.Resume(0);
        Assert.Equal(0, (await bureau.Look(id)).Subscriber);
    }

    [Fact]
    public async Task A_lease_that_ends_while_an_answer_waits_for_the_writer_refuses_it()
    {
        var lease = new SwitchedLease();
        await using var bureau = new Bureau(Closed with { Lease = lease });
        bureau.Region.Open(0, 1);
        EntityId id = await bureau.LoadedAsync();
        EntityId other = await bureau.LoadedAsync();
        bureau.Store.Commits.Close();
        Task<Answer> first = bureau.Add(id);
        await bureau.Store.Commits.ArrivalAsync();
        Task<Answer> looked = bureau.Look(id);
        Task<Answer> stored = bureau.Add(other);
        await bureau.FlushTurnAsync();
        lease.IsValid = false;
        bureau.Store.Commits.Open();
        Assert.Equal("ok", (await first).What);
        Assert.Equal("ok", (await stored).What);
        Assert.Equal("StoreFailed", (await looked).What);
    }

    [Fact]
    public async Task Those_chosen_are_told_after_what_came_before()
    {
        await using var bureau = new Bureau();
        EntityId passive = await bureau.LoadedAsync();
        await bureau.Subscribe(passive, 7);
        await bureau.PassivateAllAsync();
        EntityId loaded = await bureau.LoadedAsync();
        await bureau.Subscribe(loaded, 7);
        EntityId other = await bureau.LoadedAsync();
        await bureau.Subscribe(other, 8);
        EntityId late = bureau.Stored();
        bureau.Store.Reads.Close();
        Task<Answer> subscribed = bureau.Subscribe(late, 7);
        await bureau.Store.Reads.ArrivalAsync();
        await bureau.Region.TellEachAsync((_, seen) => (seen as Tally)?.Subscriber == 7 || seen is TallyResidue { Subscriber: 7 } ? new Order.End(7) : null);
        bureau.Store.Reads.Open();
        Assert.Equal(7, (await subscribed).Subscriber);
        Assert.Equal(
            [0, 0, 8, 0],
            (await Task.WhenAll(bureau.Look(passive), bureau.Look(loaded), bureau.Look(other), bureau.Look(late))).Select(answer => answer.Subscriber));
    }

    [Fact]
    public async Task A_suspended_shard_tells_those_chosen_when_it_resumes()
    {
        await using var bureau = new Bureau();
        EntityId id = await bureau.LoadedAsync();
        await bureau.Subscribe(id, 7);
        await bureau.Region.SuspendAsync(0);
        await bureau.Region.TellEachAsync((_, _) => new Order.End(7));
        bureau.Region.Resume(0);
        Assert.Equal(0, (await bureau.Look(id)).Subscriber);
        Assert.Empty(bureau.Returned);
    }

    [Fact]
    public async Task Callers_that_wait_for_room_get_back_what_they_told()
    {
        await using var bureau = new Bureau(new ShardRegionOptions { Shards = 1, InboxCommandsPerShard = 2 }, maxWaiting: 1);
        EntityId id = await bureau.LoadedAsync();
        bureau.Store.Commits.Close();
        List<Task<Answer>> decided = [bureau.Add(id)];
        await bureau.Store.Commits.ArrivalAsync();
        int last = 0;
        while (bureau.Region.TryTell(id, new Order.Add(last = bureau.Ticket())) == TellResult.Taken)
        {
            decided.Add(bureau.AnswerOf(last));
        }

        int[] waiting = [bureau.Ticket(), bureau.Ticket(), bureau.Ticket(), bureau.Ticket(), bureau.Ticket()];
        Task<bool>[] told = [.. waiting.Select(ticket => bureau.Region.TellHereAsync(id, new Order.Look(ticket), Token).AsTask())];
        Task closed = bureau.Region.CloseAsync(0);
        Assert.All(await Task.WhenAll(told), Assert.True);
        bureau.Store.Commits.Open();
        await closed;
        Assert.Equal(waiting, bureau.Returned.Select(one => one.Order.Ticket).TakeLast(waiting.Length));
        int returned = bureau.Returned.Count - waiting.Length;
        Assert.Equal(decided.Count - returned, decided.Count(answer => answer.IsCompletedSuccessfully));
    }

    [Fact]
    public async Task A_stop_ends_with_shards_closed_and_suspended()
    {
        await using var bureau = new Bureau(new ShardRegionOptions { Shards = 3, StartsClosed = true });
        bureau.Region.Open(0, 1);
        bureau.Region.Open(1, 1);
        EntityId id = bureau.Of(1, 3);
        await bureau.Look(id);
        await bureau.Subscribe(id, 7);
        bureau.Store.Commits.Close();
        bureau.Store.Script.Enqueue(Verdict.UnknownNotStored);
        Task<Answer> added = bureau.Add(id);
        await bureau.Store.Commits.ArrivalAsync();
        await bureau.Region.SuspendAsync(1);
        bureau.Store.Commits.Open();
        await bureau.Region.StopAsync();
        Assert.Equal("StoreFailed", (await added).What);
    }
}
