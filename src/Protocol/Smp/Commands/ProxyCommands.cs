using System.Collections.Immutable;
using SimplexActors.Protocol.Addresses;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Protocol.Smp.Commands;

/// <summary><c>PRXY</c>: asks for a session with a relay (S-166).</summary>
/// <param name="Hosts">Of the relay, 1 to 255 (S-176).</param>
/// <param name="Port">Null: the protocol's default.</param>
/// <param name="KeyHash">Fingerprint of the relay's identity certificate.</param>
/// <param name="BasicAuth">Password of the proxy, if the client has one.</param>
public sealed record PrxyCommand(ImmutableArray<RouterHost> Hosts, ushort? Port, EntityId KeyHash, string? BasicAuth) : SmpCommand
{
    /// <inheritdoc/>
    public override SmpCommandTag Tag => SmpCommandTag.PRXY;
}

/// <summary><c>PFWD</c>: a command for the relay, encrypted by the client (S-167).</summary>
public sealed record PfwdCommand(ushort Version, PublicKey CommandKey, ReadOnlyMemory<byte> Encrypted) : SmpCommand
{
    /// <inheritdoc/>
    public override SmpCommandTag Tag => SmpCommandTag.PFWD;
}

/// <summary><c>RFWD</c>: a forwarded command, encrypted by the proxy (S-168).</summary>
public sealed record RfwdCommand(ReadOnlyMemory<byte> Encrypted) : SmpCommand
{
    /// <inheritdoc/>
    public override SmpCommandTag Tag => SmpCommandTag.RFWD;
}

/// <summary><c>RSLV</c>: resolves a name (S-169, S-364).</summary>
/// <param name="Domain">As validated and lower-cased.</param>
public sealed record RslvCommand(string Domain) : SmpCommand
{
    /// <inheritdoc/>
    public override SmpCommandTag Tag => SmpCommandTag.RSLV;
}
