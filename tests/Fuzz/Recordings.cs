using System.Text.Json;
using SimplexActors.Testing;

namespace SimplexActors.Fuzz;

/// <summary>Bytes that the reference wrote, from the recorded vectors.</summary>
internal static class Recordings
{
    private static readonly JsonElement Transport = Repository.Vectors("smp_transport.json").RootElement;
    private static readonly JsonElement Commands = Repository.Vectors("smp_commands.json").RootElement;

    /// <summary>A field of every vector of a list in <c>smp_transport.json</c>.</summary>
    public static IReadOnlyList<byte[]> OfTransport(string list, string field) =>
        [.. Transport.GetProperty(list).EnumerateArray().Select(vector => Hex(vector, field)).OfType<byte[]>()];

    /// <summary>The contents of recorded blocks, each after one byte that says their version.</summary>
    public static IReadOnlyList<byte[]> Blocks() =>
    [
        .. from list in new[] { "transmissions", "response_transmissions" }
           from vector in Transport.GetProperty(list).EnumerateArray()
           let content = Hex(vector, "block_content")
           where content is not null
           select (byte[])[(byte)vector.GetProperty("version").GetInt32(), .. content],
    ];

    /// <summary>Every encoding of a list in <c>smp_commands.json</c>, each after one byte that says its version.</summary>
    public static IReadOnlyList<byte[]> OfCommands(string list) =>
    [
        .. from vector in Commands.GetProperty(list).EnumerateArray()
           from encoding in vector.GetProperty("encodings").EnumerateArray()
           let bytes = Hex(encoding, "bytes")
           where bytes is not null
           from version in new[] { "min_version", "max_version" }
           select (byte[])[(byte)encoding.GetProperty(version).GetInt32(), .. bytes],
    ];

    // Null for a long value, which is recorded as its hash.
    private static byte[]? Hex(JsonElement vector, string field) =>
        vector.TryGetProperty(field, out JsonElement value) && value.ValueKind is JsonValueKind.String
            ? Convert.FromHexString(value.GetString()!)
            : null;
}
