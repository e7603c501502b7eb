using SimplexActors.Actors;
using SimplexActors.Nodes.Edges.Smp.Renewals;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.Smp;

/// <summary>The rate at which all connections of a node together renew what they have.</summary>
public sealed class RenewalRateTests : IDisposable
{
    private const int Each = 300, Connections = 20;

    private static readonly int PerTick = (int)(Limits.RenewalsPerSecond * Limits.RenewalTick.TotalSeconds);

    private readonly ManualTimeProvider _time = new();
    private readonly SubscriptionRenewals _renewals;
    private int _granted;

    public RenewalRateTests() => _renewals = new SubscriptionRenewals(_time, shardCount: 8);

    public void Dispose() => _renewals.Dispose();

    [Fact]
    public void All_together_renew_no_more_in_a_tick_than_is_allowed_and_each_gets_its_turn()
    {
        Renewing[] connections = [.. Enumerable.Range(0, Connections).Select(_ => new Renewing(this, Each))];
        Array.ForEach(connections, connection => connection.Begin());
        for (int left = Connections * Each; left > 0; left -= PerTick)
        {
            Assert.Equal(Math.Min(left, PerTick), Take());
            _time.Advance(Limits.RenewalTick);
        }

        Assert.Equal(0, Take());
        Assert.All(connections, connection => Assert.Equal(0, connection.Wanted));
    }

    [Fact]
    public void Who_waits_is_not_passed_by_who_comes_later()
    {
        var many = new Renewing(this, PerTick + 1);
        var one = new Renewing(this, 1);
        many.Begin();
        one.Begin();
        Assert.Equal((1, 1), (many.Wanted, one.Wanted));
        _time.Advance(Limits.RenewalTick);
        Assert.Equal((0, 0), (many.Wanted, one.Wanted));
    }

    [Fact]
    public void Nothing_is_saved_up_while_nobody_renews()
    {
        new Renewing(this, 1).Begin();
        _time.Advance(Limits.RenewalTick * 100);
        Assert.Equal(1, Take());
        new Renewing(this, 3 * PerTick).Begin();
        Assert.Equal(PerTick, Take());
    }

    [Fact]
    public void What_an_owner_could_not_decide_is_renewed_once_more_after_a_pause()
    {
        var first = new Renewing(this, 0);
        var second = new Renewing(this, 0);
        _renewals.Repeat(first, [1, 2]);
        _renewals.Repeat(first, [2, 3]);
        _renewals.Repeat(second, [7]);
        _time.Advance(Limits.RenewalRetry - TimeSpan.FromTicks(1));
        Assert.Empty(first.Rounds.Concat(second.Rounds));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal([1, 2, 3], Assert.Single(first.Rounds).Shards.Order());
        Assert.Equal([7], Assert.Single(second.Rounds).Shards);
        _time.Advance(Limits.RenewalRetry * 10);
        Assert.Single(first.Rounds);
    }

    private int Take()
    {
        int granted = _granted;
        _granted = 0;
        return granted;
    }

    /// <summary>Takes what it may, and asks again while it wants more.</summary>
    private sealed class Renewing(RenewalRateTests test, int wanted) : IRenewing
    {
        public int Wanted { get; private set; } = wanted;

        public List<RenewalRound> Rounds { get; } = [];

        public void Begin()
        {
            int granted = 1;
            while (Wanted > 0 && granted > 0)
            {
                granted = test._renewals.Take(this, Wanted);
                Count(granted);
            }
        }

        public void Renew(RenewalRound round) => Rounds.Add(round);

        public void GrantRenewals(int count)
        {
            Count(count);
            Begin();
        }

        private void Count(int granted)
        {
            test._granted += granted;
            Wanted -= granted;
        }
    }
}
