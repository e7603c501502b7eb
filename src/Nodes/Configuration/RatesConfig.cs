using System.Net;

namespace SimplexActors.Nodes.Configuration;

/// <summary>How fast clients may be (S-488). All of it slows down, except connections: those are closed when they are accepted.</summary>
/// <param name="Trusted">Networks whose addresses many clients share (a Tor daemon, a reverse proxy); the limits per address are not theirs.</param>
/// <param name="AddressConnections">Connections of one address at once; 0 for no limit.</param>
/// <param name="AddressConnecting">New connections of one address.</param>
/// <param name="AddressNew">Queues created from one address.</param>
/// <param name="AddressPrxy">Relay sessions that are asked for from one address.</param>
/// <param name="AddressRslv">Names that are asked for from one address.</param>
/// <param name="Connection">Commands of one connection.</param>
internal sealed record RatesConfig(
    IReadOnlyList<IPNetwork> Trusted,
    int AddressConnections,
    Rate AddressConnecting,
    Rate AddressNew,
    Rate AddressPrxy,
    Rate AddressRslv,
    ConnectionRatesConfig Connection)
{
    internal static RatesConfig Read(ConfigReader reader) => new(
        reader.List("limits.trusted_addresses", [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")], ValueParsers.Network),
        reader.Integer("limits.address_connections", 5000, 0, 10_000_000),
        reader.Rate("limits.address_connecting", Rate.PerSecond(100, burst: 5000)),
        reader.Rate("limits.address_new", Rate.PerMinute(1200, burst: 6000)),
        reader.Rate("limits.address_prxy", Rate.PerMinute(1200, burst: 6000)),
        reader.Rate("limits.address_rslv", Rate.PerMinute(600, burst: 1200)),
        ConnectionRatesConfig.Read(reader));
}

/// <summary>Commands of one connection.</summary>
/// <param name="New">NEW.</param>
/// <param name="Sub">SUB and NSUB.</param>
/// <param name="Send">SEND and PFWD.</param>
/// <param name="Prxy">PRXY.</param>
/// <param name="Rslv">RSLV.</param>
/// <param name="Rfwd">RFWD: what a proxy forwards for all of its users.</param>
internal sealed record ConnectionRatesConfig(Rate New, Rate Sub, Rate Send, Rate Prxy, Rate Rslv, Rate Rfwd)
{
    internal static ConnectionRatesConfig Read(ConfigReader reader) => new(
        reader.Rate("limits.connection_new", Rate.PerSecond(100, burst: 2000)),
        reader.Rate("limits.connection_sub", Rate.PerSecond(20_000, burst: 100_000)),
        reader.Rate("limits.connection_send", Rate.PerSecond(5000, burst: 20_000)),
        reader.Rate("limits.connection_prxy", Rate.PerSecond(50, burst: 1000)),
        reader.Rate("limits.connection_rslv", Rate.PerSecond(20, burst: 200)),
        reader.Rate("limits.connection_rfwd", Rate.PerSecond(20_000, burst: 100_000)));
}
