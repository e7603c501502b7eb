using System.Text.Json;
using SimplexActors.Testing;

namespace SimplexActors.Protocol.Tests.Crypto;

/// <summary>Reads the recorded vectors of one file.</summary>
public static class Vectors
{
    /// <summary>Vectors of cryptography.</summary>
    public static JsonElement CryptoFile { get; } = Repository.Vectors("crypto.json").RootElement;

    /// <summary>Vectors of the transport.</summary>
    public static JsonElement TransportFile { get; } = Repository.Vectors("smp_transport.json").RootElement;

    /// <summary>Bytes of a field in hex.</summary>
    public static byte[] Hex(this JsonElement vector, string field) => Convert.FromHexString(vector.Text(field));

    /// <summary>A text field.</summary>
    public static string Text(this JsonElement vector, string field) => vector.GetProperty(field).GetString()!;

    /// <summary>A number field.</summary>
    public static int Number(this JsonElement vector, string field) => vector.GetProperty(field).GetInt32();

    /// <summary>True when the vector has the field and it is not null.</summary>
    public static bool Has(this JsonElement vector, string field) =>
        vector.TryGetProperty(field, out JsonElement value) && value.ValueKind is not JsonValueKind.Null;

    /// <summary>The vectors of a list.</summary>
    public static IEnumerable<JsonElement> List(this JsonElement file, string name) => file.GetProperty(name).EnumerateArray();
}
