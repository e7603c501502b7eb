using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace SimplexActors.Protocol.Smp;

/// <summary>The few JSON values inside SMP. Keys are written in the order of the records' members.</summary>
[JsonSerializable(typeof(QueueInfo))]
[JsonSerializable(typeof(ClientNoticeJson))]
[JsonSerializable(typeof(NameRecord))]
internal sealed partial class SmpJson : JsonSerializerContext
{
    /// <summary>Writes no nulls and no needless escapes; refuses nulls and absences that the records do not allow.</summary>
    public static SmpJson Strict { get; } = new(new JsonSerializerOptions
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = new MinimalJsonEncoder(),
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    });

    /// <summary>Reads one value and nothing after it; false for what is not JSON or another shape.</summary>
    public static bool TryRead<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type, [NotNullWhen(true)] out T? value)
        where T : class
    {
        try
        {
            value = JsonSerializer.Deserialize(json, type);
        }
        catch (JsonException)
        {
            // The library has no other way to say that the peer's text is not what it should be.
            value = null;
        }

        return value is not null;
    }
}

/// <summary>The JSON of <see cref="ClientNotice"/>.</summary>
internal sealed record ClientNoticeJson([property: JsonPropertyName("ttl")] long? Ttl = null);

/// <summary>Writes times as UTC with a <c>Z</c> and no more fractional digits than needed.</summary>
internal sealed class UtcTimeConverter : JsonConverter<DateTimeOffset>
{
    /// <inheritdoc/>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset().ToUniversalTime();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime);
}
