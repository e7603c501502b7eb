using System.Net;

namespace SimplexActors.Cluster.Network;

/// <summary>Where a node is in the network.</summary>
/// <param name="Listen">The address that it listens on; clients reach it there.</param>
/// <param name="SmpPort">For clients.</param>
/// <param name="LinkAddress">Where other nodes reach it.</param>
/// <param name="LinkPort">For other nodes.</param>
/// <param name="Database">Where it reaches the database.</param>
/// <param name="Launcher">A program with arguments that starts another one in this place; empty for none.</param>
internal sealed record NodePlace(
    IPAddress Listen, int SmpPort, IPAddress LinkAddress, int LinkPort, IPEndPoint Database, IReadOnlyList<string> Launcher);
