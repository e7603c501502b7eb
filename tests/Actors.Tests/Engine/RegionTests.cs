using SimplexActors.Actors.Engine;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Actors.Tests.Engine;

/// <summary>Inboxes, loading, passivation, faults and the stop.</summary>
public sealed class RegionTests
{
    [Fact]
    public async Task Commands_for_an_entity_being_loaded_wait_and_others_go_on()
    {
        await using var bureau = new Bureau();
        EntityId loaded = await bureau.LoadedAsync();
        EntityId stored = bureau.Stored(5);
        bureau.Store.Reads.Close();
        Task<Answer> added = bureau.Add(stored);
        await bureau.Store.Reads.ArrivalAsync();
        Task<Answer> looked = bureau.Look(stored);
        Assert.Equal("ok", (await bureau.Look(loaded)).What);
        Assert.Equal((2, 1), (bureau.Region.Metrics.Parked, bureau.Region.Metrics.Loading));

        bureau.Store.Reads.Open();
        Assert.Equal(6, (await added).Count);
        Assert.Equal(6, (await looked).Count);
        Assert.Equal(0, bureau.Region.Metrics.Parked);
    }

    [Fact]
    [Spec("S-186", "S-501")]
    public async Task What_waits_to_be_loaded_is_read_with_one_call()
    {
        await using var bureau = new Bureau();
        bureau.Store.Reads.Close();
        var answers = new List<Task<Answer>>();
        for (int i = 0; i < Limits.ConcurrentLoads; i++)
        {
            answers.Add(bureau.Look(bureau.Stored()));
            await bureau.Store.Reads.ArrivalAsync();
        }

        answers.AddRange(Enumerable.Range(0, 100).Select(_ => bureau.Look(bureau.Stored())));
        bureau.Store.Reads.Open();
        await Task.WhenAll(answers);
        Assert.Equal([1, 1, 100], bureau.Store.ReadSizes);
    }

    [Fact]
    public async Task A_new_entity_is_not_looked_up_and_an_unknown_one_does_not_exist()
    {
        await using var bureau = new Bureau();
        var id = EntityId.Random();
        Assert.Equal("ok", (await bureau.Ask(id, new Order.Create(bureau.Ticket()))).What);
        Assert.Empty(bureau.Store.ReadSizes);
        Assert.Equal("none", (await bureau.Look(EntityId.Random())).What);
    }

    [Fact]
    public async Task A_failed_load_refuses_what_waited_for_it_and_the_next_command_tries_again()
    {
        await using var bureau = new Bureau();
        EntityId id = bureau.Stored();
        bureau.Store.ReadFails = () => true;
        Assert.Equal("LoadFailed", (await bureau.Look(id)).What);
        bureau.Store.ReadFails = () => false;
        Assert.Equal("ok", (await bureau.Look(id)).What);
        Assert.Contains(bureau.Log.Lines, line => line.Id == 1004);
    }

    [Fact]
    public async Task Too_many_parked_commands_stop_the_shard_until_the_entity_is_loaded()
    {
        await using var bureau = new Bureau(new ShardRegionOptions { Shards = 1, InboxCommandsPerShard = 2, ParkedCommandsPerShard = 3 });
        EntityId id = bureau.Stored();
        bureau.Store.Reads.Close();
        int told = 0;
        while (bureau.Region.TryTell(id, new Order.Add(bureau.Ticket())) == TellResult.Taken)
        {
            Assert.InRange(++told, 1, 3 + 2 + 2);
        }

        Assert.Equal(3, bureau.Region.Metrics.Parked);
        ValueTask waiting = bureau.Region.TellAsync(id, new Order.Look(1_000), TestContext.Current.CancellationToken);
        bureau.Store.Reads.Open();
        await waiting;
        Assert.Equal(1 + told, (await bureau.AnswerOf(1_000)).Count);
    }

    [Fact]
    public async Task A_caller_that_gives_up_waiting_has_told_nothing()
    {
        await using var bureau = new Bureau(new ShardRegionOptions { Shards = 1, InboxCommandsPerShard = 1, ParkedCommandsPerShard = 1 });
        EntityId id = bureau.Stored();
        bureau.Store.Reads.Close();
        while (bureau.Region.TryTell(id, new Order.Look(bureau.Ticket())) == TellResult.Taken)
        {
        }

        using var giveUp = new CancellationTokenSource();
        ValueTask waiting = bureau.Region.TellAsync(id, new Order.Add(bureau.Ticket()), giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.AsTask());
        bureau.Store.Reads.Open();
        await bureau.Region.TellAsync(id, new Order.Look(1_000), TestContext.Current.CancellationToken);
        Assert.Equal(1, (await bureau.AnswerOf(1_000)).Count);
    }

    [Fact]
    public async Task What_is_idle_leaves_memory_and_keeps_its_subscription()
    {
        await using var bureau = new Bureau();
        EntityId subscribed = await bureau.LoadedAsync();
        await bureau.LoadedAsync();
        await bureau.Subscribe(subscribed, 7);
        await bureau.PassivateAllAsync();
        Assert.Equal((0, 1), (bureau.Region.Metrics.Loaded, bureau.Region.Metrics.Passive));
        Assert.Equal(7, (await bureau.Look(subscribed)).Subscriber);
        Assert.Equal((1, 0), (bureau.Region.Metrics.Loaded, bureau.Region.Metrics.Passive));
    }

    [Fact]
    public async Task The_sweep_runs_by_the_clock()
    {
        await using var bureau = new Bureau();
        await bureau.LoadedAsync();
        bureau.Time.Advance(Limits.IdleSweepInterval * 2);
        await bureau.FlushTurnAsync();
        Assert.Equal(0, bureau.Region.Metrics.Loaded);
    }

    [Fact]
    public async Task The_end_of_a_connection_loads_nothing()
    {
        await using var bureau = new Bureau();
        EntityId id = await bureau.LoadedAsync();
        await bureau.Subscribe(id, 7);
        await bureau.PassivateAllAsync();
        int reads = bureau.Store.ReadSizes.Count;
        Assert.Equal(TellResult.Taken, bureau.Region.TryTell(id, new Order.End(7)));
        await bureau.FlushTurnAsync();
        Assert.Equal(0, bureau.Region.Metrics.Passive);
        Assert.Equal(reads, bureau.Store.ReadSizes.Count);
    }

    [Fact]
    public async Task Beyond_the_budget_the_least_used_leave()
    {
        await using var bureau = new Bureau(new ShardRegionOptions { Shards = 1, LoadedEntities = 10 });
        EntityId favourite = await bureau.LoadedAsync();
        for (int i = 0; i < 100; i++)
        {
            await bureau.LoadedAsync();
            await bureau.Look(favourite);
        }

        int reads = bureau.Store.ReadSizes.Count;
        await bureau.Look(favourite);
        Assert.Equal(reads, bureau.Store.ReadSizes.Count);
        Assert.Equal(10, bureau.Region.Metrics.Loaded);
    }

    [Fact]
    public async Task Nothing_leaves_while_its_changes_are_with_the_writer()
    {
        await using var bureau = new Bureau(new ShardRegionOptions { Shards = 1, LoadedEntities = 1 });
        EntityId id = await bureau.LoadedAsync();
        bureau.Store.Commits.Close();
        Task<Answer> added = bureau.Add(id);
        await bureau.Store.Commits.ArrivalAsync();
        await bureau.PassivateAllAsync();
        Assert.Equal(1, bureau.Region.Metrics.Loaded);
        bureau.Store.Commits.Open();
        await added;
    }

    [Fact]
    public async Task A_fault_ends_its_turn_and_nothing_else()
    {
        await using var bureau = new Bureau();
        EntityId other = await bureau.LoadedAsync();
        EntityId id = await bureau.LoadedAsync();
        await bureau.Subscribe(id, 7);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal("Fault", (await bureau.Ask(id, new Order.Boom(bureau.Ticket()))).What);
        }

        Assert.Equal(7, (await bureau.Look(id)).Subscriber);
        Assert.Equal("ok", (await bureau.Look(other)).What);
        (int Id, string Line, Exception? Cause) line = Assert.Single(bureau.Log.Lines);
        Assert.Equal((1000, "boom"), (line.Id, line.Cause!.Message));
        Assert.Equal(3, bureau.Region.Metrics.Faults);
    }

    [Fact]
    public async Task A_fault_waits_for_what_the_entity_decided_before()
    {
        await using var bureau = new Bureau();
        EntityId id = await bureau.LoadedAsync();
        bureau.Store.Commits.Close();
        Task<Answer> added = bureau.Add(id);
        await bureau.Store.Commits.ArrivalAsync();
        Task<Answer> fault = bureau.Ask(id, new Order.Boom(bureau.Ticket()));
        Task<Answer> looked = bureau.Look(id);
        await bureau.FlushTurnAsync();
        bureau.Store.Commits.Open();
        Assert.Equal("Fault", (await fault).What);
        Assert.True(added.IsCompletedSuccessfully);
        Assert.Equal(2, (await looked).Count);
    }

    [Fact]
    public async Task An_entity_that_cannot_be_activated_is_refused_and_keeps_its_subscription()
    {
        await using var bureau = new Bureau();
        EntityId id = await bureau.LoadedAsync();
        await bureau.Subscribe(id, 7);
        await bureau.PassivateAllAsync();
        bureau.Kind.ActivateThrows = true;
        Assert.Equal("Fault", (await bureau.Look(id)).What);
        bureau.Kind.ActivateThrows = false;
        Assert.Equal(7, (await bureau.Look(id)).Subscriber);
    }

    [Fact]
    public async Task An_effect_that_throws_does_not_stop_the_others()
    {
        await using var bureau = new Bureau { PerformThrows = answer => answer.Ticket == 1_000 };
        EntityId id = await bureau.LoadedAsync();
        Assert.Equal(TellResult.Taken, bureau.Region.TryTell(id, new Order.Add(1_000)));
        Assert.Equal(3, (await bureau.Add(id)).Count);
        Assert.Contains(bureau.Log.Lines, line => line.Id == 1002);
    }

    [Fact]
    public async Task A_stop_finishes_what_was_told_and_refuses_what_comes_after()
    {
        await using var bureau = new Bureau();
        EntityId id = bureau.Stored();
        bureau.Store.Commits.Close();
        bureau.Store.Reads.Close();
        Task<Answer> added = bureau.Add(id);
        await bureau.Store.Reads.ArrivalAsync();
        Task stopped = bureau.Region.StopAsync();
        Task<Answer> late = bureau.Add(id);
        bureau.Store.Reads.Open();
        await bureau.Store.Commits.ArrivalAsync();
        Assert.False(stopped.IsCompleted);
        bureau.Store.Commits.Open();
        await stopped;
        Assert.Equal(2, (await added).Count);
        Assert.Equal("Stopping", (await late).What);
        Assert.Equal("Stopping", (await bureau.Look(EntityId.Random())).What);
    }

    [Fact]
    public async Task A_stop_gives_up_on_a_store_that_does_not_answer()
    {
        await using var bureau = new Bureau();
        EntityId id = await bureau.LoadedAsync();
        bureau.Store.ReadFails = () => true;
        bureau.Store.Script.Enqueue(Verdict.UnknownNotStored);
        Task<Answer> added = bureau.Add(id);
        await bureau.Time.TimersArmedAsync(2);
        await bureau.Region.StopAsync();
        Assert.Equal("StoreFailed", (await added).What);
    }

    [Fact]
    public async Task Turns_do_not_nest()
    {
        int depth = 0;
        int deepest = 0;
        var kind = new TallyKind();
        await using var bureau = new Bureau(new ShardRegionOptions { Shards = 8 }, kind);
        EntityId[] ids = [.. Enumerable.Range(0, 64).Select(_ => bureau.Stored())];
        int next = 0;
        kind.OnDecide = (_, _) =>
        {
            deepest = Math.Max(deepest, Interlocked.Increment(ref depth));
            int i = Interlocked.Increment(ref next);
            if (i < ids.Length)
            {
                Assert.Equal(TellResult.Taken, bureau.Region.TryTell(ids[i], new Order.Look(bureau.Ticket())));
            }

            Interlocked.Decrement(ref depth);
        };
        Task<Answer> last = bureau.AnswerOf(ids.Length);
        Assert.Equal(TellResult.Taken, bureau.Region.TryTell(ids[0], new Order.Look(bureau.Ticket())));
        await last;
        Assert.InRange(deepest, 1, 8);
    }
}
