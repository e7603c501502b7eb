using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SimplexActors.Protocol.Smp;

/// <summary>What a name resolves to, as the resolver and <c>RNAME</c> spell it in JSON (S-365).</summary>
public sealed record NameRecord
{
    /// <summary>The name itself.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>For display.</summary>
    [JsonPropertyName("nickname")]
    public required string Nickname { get; init; }

    /// <summary>A URL.</summary>
    [JsonPropertyName("website")]
    public required string Website { get; init; }

    /// <summary>Free text.</summary>
    [JsonPropertyName("location")]
    public required string Location { get; init; }

    /// <summary>Contact addresses.</summary>
    [JsonPropertyName("simplexContact")]
    public required ImmutableArray<string> SimplexContact { get; init; }

    /// <summary>Channel addresses.</summary>
    [JsonPropertyName("simplexChannel")]
    public required ImmutableArray<string> SimplexChannel { get; init; }

    /// <summary>Ethereum address; written as null when unset, as are the other coins.</summary>
    [JsonPropertyName("eth"), JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Eth { get; init; }

    /// <summary>Bitcoin address.</summary>
    [JsonPropertyName("btc"), JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Btc { get; init; }

    /// <summary>Monero address.</summary>
    [JsonPropertyName("xmr"), JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Xmr { get; init; }

    /// <summary>Polkadot address.</summary>
    [JsonPropertyName("dot"), JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Dot { get; init; }

    /// <summary>Address of the owner.</summary>
    [JsonPropertyName("owner")]
    public required string Owner { get; init; }

    /// <summary>Address of the resolver contract.</summary>
    [JsonPropertyName("resolver")]
    public required string Resolver { get; init; }

    /// <summary>The JSON, in UTF-8.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, SmpJson.Strict.NameRecord);

    /// <summary>Reads the JSON; unknown keys are ignored, coins may be absent.</summary>
    public static bool TryParse(ReadOnlySpan<byte> json, [NotNullWhen(true)] out NameRecord? record) =>
        SmpJson.TryRead(json, SmpJson.Strict.NameRecord, out record);
}
