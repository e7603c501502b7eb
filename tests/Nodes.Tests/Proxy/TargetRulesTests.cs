using System.Net;
using SimplexActors.Nodes.Edges.Smp.Proxy;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.Proxy;

/// <summary>Which addresses a proxy's clients may reach, and which relays are the operator's own.</summary>
public sealed class TargetRulesTests
{
    [Theory]
    [Spec("S-489")]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.167.255.255")]
    [InlineData("223.255.255.255")]
    [InlineData("2620:fe::fe")]
    [InlineData("2a00::1")]
    [InlineData("::ffff:1.1.1.1")]
    [InlineData("64:ff9b::101:101")]
    [InlineData("2002:101:101::1")]
    public void Public_addresses_are_in_reach(string address) => Assert.True(TargetRules.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [Spec("S-489")]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("10.255.255.255")]
    [InlineData("100.64.0.0")]
    [InlineData("100.127.255.255")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.255")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.0")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.8")]
    [InlineData("192.0.2.1")]
    [InlineData("192.168.255.255")]
    [InlineData("198.18.0.1")]
    [InlineData("198.51.100.1")]
    [InlineData("203.0.113.1")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.255")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("100::1")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2002:c0a8:1::1")]
    [InlineData("fc00::1")]
    [InlineData("fdff::1")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%1")]
    [InlineData("2620:fe::fe%1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void Everything_else_is_not(string address) => Assert.False(TargetRules.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [Spec("S-341")]
    [InlineData("example.org", true)]
    [InlineData("smp1.example.org", true)]
    [InlineData("a.b.EXAMPLE.org", true)]
    [InlineData("other.example", true)]
    [InlineData("notexample.org", false)]
    [InlineData("example.org.evil.net", false)]
    public void Own_relays_are_those_of_the_operators_domains(string host, bool isOwn)
    {
        var own = new OwnRelays(["example.org", "other.example"]);
        string hash = new('A', 43);
        Assert.Equal(isOwn, own.Contains(RouterAddress.Parse($"smp://{hash}=@{host}")));
        Assert.False(own.Contains(RouterAddress.Parse($"smp://{hash}=@elsewhere.net,{host}")));
    }
}
