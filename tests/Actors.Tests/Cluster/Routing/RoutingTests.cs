using SimplexActors.Actors.Cluster;
using SimplexActors.Actors.Tests.Engine;
using SimplexActors.Protocol.Encoding;
using Xunit;

namespace SimplexActors.Actors.Tests.Cluster.Routing;

/// <summary>
/// Three nodes, tellers on each of them, and shards that move in good order or are taken, while sessions are cut and maps
/// are late. The seed decides what is told and what happens; the interleaving of threads is the machine's.
/// </summary>
public sealed class RoutingTests(ITestOutputHelper output)
{
    private const int Entities = 24;
    private const int TicketsPerTeller = 1_000_000;

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(null, true)]
    public async Task Nothing_confirmed_is_lost_or_done_twice_or_out_of_order(int? fixedSeed, bool cuts)
    {
        int seed = fixedSeed ?? Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var store = new ScriptedStore();
        var network = new MemoryNetwork();
        RoutedNode[] nodes = [.. Enumerable.Range(1, 3).Select(number => new RoutedNode(number, store, network))];
        EntityId[] ids = [.. Enumerable.Range(0, Entities).Select(_ => EntityId.Random())];
        Array.ForEach(ids, id => store.Seed(id, 1));
        var mover = new Mover(nodes, store, network, seed, cuts);
        mover.OpenAll();
        using var end = new CancellationTokenSource();
        Task moving = Task.Run(() => mover.RunAsync(end.Token), CancellationToken.None);
        const int Orders = 6_000;
        await Task.WhenAll(nodes.Select((node, index) => Task.Run(() => TellAsync(node, index, ids, seed, Orders))));
        await end.CancelAsync();
        await moving;
        foreach (RoutedNode node in nodes)
        {
            while (node.Answers.Count < Orders)
            {
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }
        }

        output.WriteLine(mover.Summary());
        Check(nodes, ids, store, cuts);
        foreach (RoutedNode node in nodes)
        {
            await node.DisposeAsync();
        }
    }

    private static async Task TellAsync(RoutedNode node, int teller, EntityId[] ids, int seed, int orders)
    {
        var random = new Random(HashCode.Combine(seed, teller));
        for (int i = 1; i <= orders; i++)
        {
            int ticket = (teller * TicketsPerTeller) + i;
            Order order = IsAdd(ticket) ? new Order.Add(ticket) : new Order.Look(ticket);
            await node.Region.TellAsync(ids[random.Next(Entities)], order, CancellationToken.None);
            if (i % 16 == 0)
            {
                await Task.Yield();
            }
        }
    }

    private static void Check(RoutedNode[] nodes, EntityId[] ids, ScriptedStore store, bool cuts)
    {
        Assert.Empty(nodes.SelectMany(node => node.Violations));
        Assert.All(nodes.Index(), teller => Assert.All(teller.Item.Answers.Keys, ticket => Assert.Equal(teller.Index, ticket / TicketsPerTeller)));
        Assert.Empty(store.Violations);
        ILookup<EntityId, Answer> confirmed = nodes.SelectMany(node => node.Answers.Values).Where(answer => answer.What == "ok").ToLookup(answer => answer.Id);
        Assert.All(nodes, node => Assert.Contains(node.Answers.Values, answer => answer.What == "ok"));
        foreach (EntityId id in ids)
        {
            int[] stored = [.. store.TicketsOf(id).Where(ticket => ticket >= 0)];
            Assert.Equal(stored.Length, stored.Distinct().Count());
            HashSet<int> added = [.. confirmed[id].Select(answer => answer.Ticket).Where(IsAdd)];
            Assert.Empty(added.Except(stored));
            foreach (IGrouping<int, int> ofTeller in stored.Where(added.Contains).GroupBy(ticket => ticket / TicketsPerTeller))
            {
                Assert.Equal(ofTeller.Order(), ofTeller);
            }
        }

        if (!cuts)
        {
            // Without cuts and losses nothing is refused.
            Assert.All(nodes.SelectMany(node => node.Answers.Values), answer => Assert.Equal("ok", answer.What));
        }
    }

    private static bool IsAdd(int ticket) => ticket % 3 != 0;

    private sealed class Mover(RoutedNode[] nodes, ScriptedStore store, MemoryNetwork network, int seed, bool cuts)
    {
        private readonly Random _random = new(seed);
        private readonly int[] _owner = new int[RoutedNode.Shards];
        private readonly long[] _rangeIds = new long[RoutedNode.Shards];
        private readonly SortedDictionary<string, int> _moves = [];

        public string Summary() => string.Join(", ", _moves.Select(move => $"{move.Key} {move.Value}"));

        public void OpenAll()
        {
            for (int shard = 0; shard < RoutedNode.Shards; shard++)
            {
                Claim(shard, shard % nodes.Length);
            }
        }

        public async Task RunAsync(CancellationToken end)
        {
            while (!end.IsCancellationRequested)
            {
                int shard = _random.Next(RoutedNode.Shards);
                int to = _random.Next(nodes.Length);
                int choice = _random.Next(cuts ? 4 : 1);
                string move = choice switch
                {
                    0 or 1 => await HandOverAsync(shard, to),
                    2 => await TakeAsync(shard, to),
                    _ => Cut(),
                };
                _moves[move] = _moves.GetValueOrDefault(move) + 1;
                await Task.Delay(_random.Next(4), CancellationToken.None);
            }
        }

        private async Task<string> HandOverAsync(int shard, int to)
        {
            await nodes[_owner[shard]].Region.CloseAsync(shard);
            Publish(shard, new ShardOwner(NodeNumber.None, _rangeIds[shard]));
            Claim(shard, to);
            return "handed over";
        }

        /// <summary>Another node claims the shard before its owner knows.</summary>
        private async Task<string> TakeAsync(int shard, int to)
        {
            int from = _owner[shard];
            store.Fence(shard, _rangeIds[shard] + 1);
            if (from == to)
            {
                await nodes[from].Region.DropAsync(shard);
                Claim(shard, to);
            }
            else
            {
                Claim(shard, to);
                await nodes[from].Region.DropAsync(shard);
            }

            return "taken";
        }

        private string Cut()
        {
            int from = _random.Next(nodes.Length);
            network.Cut(nodes[from].Map.Self, nodes[(from + 1 + _random.Next(nodes.Length - 1)) % nodes.Length].Map.Self);
            return "cut";
        }

        private void Claim(int shard, int to)
        {
            _owner[shard] = to;
            store.Fence(shard, ++_rangeIds[shard]);
            Publish(shard, new ShardOwner(nodes[to].Map.Self, _rangeIds[shard]));
            nodes[to].Region.Open(shard, _rangeIds[shard]);
        }

        private void Publish(int shard, ShardOwner owner)
        {
            foreach (RoutedNode node in nodes.OrderBy(_ => _random.Next()))
            {
                node.Map.Set(shard, owner);
            }
        }
    }
}
