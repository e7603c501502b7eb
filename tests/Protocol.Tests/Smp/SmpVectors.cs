using System.Text.Json;
using SimplexActors.Protocol.Tests.Crypto;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Protocol.Tests.Smp;

/// <summary>The recorded vectors of commands, errors and texts.</summary>
public static class SmpVectors
{
    public static JsonElement Commands { get; } = Repository.Vectors("smp_commands.json").RootElement;

    public static JsonElement Errors { get; } = Repository.Vectors("smp_errors.json").RootElement;

    public static JsonElement Texts { get; } = Repository.Vectors("smp_text.json").RootElement;

    /// <summary>Names of the vectors of a list, for theories.</summary>
    public static TheoryData<string> Names(JsonElement file, string list) => [.. file.List(list).Select(v => v.Text("name"))];

    /// <summary>One vector.</summary>
    public static JsonElement Vector(JsonElement file, string list, string name) => file.List(list).Single(v => v.Text("name") == name);

    /// <summary>A vector's entries, one for each version that they stand for.</summary>
    public static IEnumerable<(ushort Version, JsonElement Entry)> PerVersion(this JsonElement vector, string list) =>
        from entry in vector.List(list)
        from version in Enumerable.Range(entry.Number("min_version"), entry.Number("max_version") - entry.Number("min_version") + 1)
        select ((ushort)version, entry);
}
