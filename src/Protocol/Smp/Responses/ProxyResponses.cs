using System.Collections.Immutable;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Protocol.Smp.Responses;

/// <summary><c>PKEY</c>: the relay's session key, as the relay signed it (S-196).</summary>
/// <param name="SessionId">Of the session between proxy and relay.</param>
/// <param name="MinVersion">Lowest version the client may use with the relay.</param>
/// <param name="MaxVersion">Highest.</param>
/// <param name="CertificateChain">DER, leaf first.</param>
/// <param name="SignedKey">DER of the signed session key (S-021).</param>
public sealed record PkeyResponse(
    EntityId SessionId,
    ushort MinVersion,
    ushort MaxVersion,
    ImmutableArray<ReadOnlyMemory<byte>> CertificateChain,
    ReadOnlyMemory<byte> SignedKey) : SmpResponse;

/// <summary><c>PRES</c>: the relay's answer, encrypted for the client (S-198).</summary>
public sealed record PresResponse(ReadOnlyMemory<byte> Encrypted) : SmpResponse;

/// <summary><c>RRES</c>: the relay's answer, encrypted for the proxy (S-197).</summary>
public sealed record RresResponse(ReadOnlyMemory<byte> Encrypted) : SmpResponse;

/// <summary><c>RNAME</c>: a resolved name as JSON (S-206, S-365).</summary>
public sealed record RnameResponse(ReadOnlyMemory<byte> Json) : SmpResponse;
