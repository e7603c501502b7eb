using System.Net;
using SimplexActors.Nodes.Configuration;
using SimplexActors.Nodes.Edges.Limiting;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.Limiting;

/// <summary>What the connections of one address may do together.</summary>
public sealed class AddressTableTests
{
    private static readonly RatesConfig Unlimited = new(
        [],
        0,
        Rate.Unlimited,
        Rate.Unlimited,
        Rate.Unlimited,
        Rate.Unlimited,
        new ConnectionRatesConfig(Rate.Unlimited, Rate.Unlimited, Rate.Unlimited, Rate.Unlimited, Rate.Unlimited, Rate.Unlimited));

    private readonly ManualTimeProvider _time = new();

    [Fact]
    [Spec("S-488")]
    public void An_address_has_so_many_connections_at_once()
    {
        var table = new AddressTable(Unlimited with { AddressConnections = 2 }, _time);
        AddressUse first = Enter(table, "192.0.2.1")!;
        Enter(table, "192.0.2.1");
        Assert.False(table.TryEnter(IPAddress.Parse("192.0.2.1"), out _));
        Assert.False(table.TryEnter(IPAddress.Parse("::ffff:192.0.2.1"), out _));
        Enter(table, "192.0.2.2");
        first.Leave();
        Enter(table, "192.0.2.1");
        Assert.False(table.TryEnter(IPAddress.Parse("192.0.2.1"), out _));
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("0.0.0.1", "::1", false)]
    [Spec("S-488")]
    public void An_IPv6_address_counts_as_its_network(string one, string other, bool same)
    {
        Assert.Equal(same, AddressKey.Of(IPAddress.Parse(one)).Equals(AddressKey.Of(IPAddress.Parse(other))));
        var table = new AddressTable(Unlimited with { AddressConnections = 1 }, _time);
        Enter(table, one);
        Assert.Equal(!same, table.TryEnter(IPAddress.Parse(other), out _));
    }

    [Fact]
    [Spec("S-488")]
    public void Connections_of_an_address_may_come_at_a_rate()
    {
        var table = new AddressTable(Unlimited with { AddressConnecting = Rate.PerSecond(1, burst: 2) }, _time);
        Enter(table, "192.0.2.1")!.Leave();
        Enter(table, "192.0.2.1")!.Leave();
        Assert.False(table.TryEnter(IPAddress.Parse("192.0.2.1"), out _));
        Enter(table, "192.0.2.2");
        _time.Advance(TimeSpan.FromSeconds(1));
        Enter(table, "192.0.2.1");
        Assert.False(table.TryEnter(IPAddress.Parse("192.0.2.1"), out _));
    }

    [Fact]
    [Spec("S-488")]
    public void Trusted_networks_have_no_limits_per_address()
    {
        RatesConfig config = Unlimited with { AddressConnections = 1, Trusted = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("::1/128")] };
        var table = new AddressTable(config, _time);
        foreach (string address in new[] { "10.1.2.3", "::ffff:10.1.2.3", "::1" })
        {
            Assert.Null(Enter(table, address));
            Assert.Null(Enter(table, address));
        }

        Assert.Equal(0, table.Count);
        Assert.NotNull(Enter(table, "11.0.0.1"));
        Assert.False(table.TryEnter(IPAddress.Parse("11.0.0.1"), out _));
    }

    [Theory]
    [InlineData(SmpCommandTag.NEW)]
    [InlineData(SmpCommandTag.PRXY)]
    [InlineData(SmpCommandTag.RSLV)]
    [Spec("S-488")]
    public void Connections_of_an_address_share_its_rates_also_after_they_ended(SmpCommandTag tag)
    {
        Rate slow = Rate.PerMinute(1, burst: 2);
        var table = new AddressTable(Unlimited with { AddressNew = slow, AddressPrxy = slow, AddressRslv = slow }, _time);
        AddressUse first = Enter(table, "192.0.2.1")!;
        Assert.True(TryTake(first, tag));
        first.Leave();
        AddressUse second = Enter(table, "192.0.2.1")!;
        Assert.True(TryTake(second, tag));
        Assert.False(TryTake(second, tag));
        foreach (SmpCommandTag other in new[] { SmpCommandTag.NEW, SmpCommandTag.PRXY, SmpCommandTag.RSLV }.Except([tag]))
        {
            Assert.True(TryTake(second, other));
        }

        Assert.True(TryTake(second, SmpCommandTag.SEND));
        Assert.True(TryTake(Enter(table, "192.0.2.2")!, tag));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(TryTake(second, tag));
    }

    [Fact]
    public void Commands_that_were_counted_are_not_counted_again_after_a_wait()
    {
        Rate once = Rate.PerMinute(1, burst: 1);
        var table = new AddressTable(Unlimited with { AddressNew = once, AddressRslv = once }, _time);
        AddressUse use = Enter(table, "192.0.2.1")!;
        Assert.True(TryTake(use, SmpCommandTag.RSLV));
        var block = default(CommandCounts);
        block.Add(SmpCommandTag.NEW);
        block.Add(SmpCommandTag.RSLV);
        Assert.False(use.TryTake(ref block, out TimeSpan wait));
        _time.Advance(wait);
        Assert.True(use.TryTake(ref block, out _));
        Assert.True(TryTake(use, SmpCommandTag.NEW));
    }

    [Fact]
    [Spec("S-488")]
    public void The_table_forgets_who_left_and_is_bounded()
    {
        var table = new AddressTable(Unlimited with { AddressConnections = 1, AddressConnecting = Rate.PerSecond(1, burst: 1) }, _time, maxAddresses: 10);
        AddressUse[] uses = [.. Enumerable.Range(0, 10).Select(i => Enter(table, $"192.0.2.{i}")!)];
        Assert.Equal(10, table.Count);

        // Nobody more is known, and so nobody more is limited.
        Assert.Null(Enter(table, "198.51.100.1"));
        Assert.Null(Enter(table, "198.51.100.1"));
        Assert.Equal(10, table.Count);

        uses[0].Leave();
        Assert.Equal(10, table.Count);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(Enter(table, "198.51.100.1"));
        Assert.Equal(10, table.Count);

        uses[1].Leave();
        Assert.Equal(9, table.Count);
    }

    private static AddressUse? Enter(AddressTable table, string address)
    {
        Assert.True(table.TryEnter(IPAddress.Parse(address), out AddressUse? use));
        return use;
    }

    private static bool TryTake(AddressUse use, SmpCommandTag tag)
    {
        var counts = default(CommandCounts);
        counts.Add(tag);
        return use.TryTake(ref counts, out _);
    }
}
