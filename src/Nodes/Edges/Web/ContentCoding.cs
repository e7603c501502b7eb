using System.IO.Compression;
using Microsoft.Net.Http.Headers;

namespace SimplexActors.Nodes.Edges.Web;

/// <summary>How the bytes of a page travel (O-222). The names are HTTP's.</summary>
internal sealed record ContentCoding(string Name, Func<Stream, Stream> Compress)
{
    /// <summary>As they are.</summary>
    public static ContentCoding Identity { get; } = new("identity", stream => stream);

    /// <summary>Those that make a page smaller, smallest result first.</summary>
    public static IReadOnlyList<ContentCoding> Compressing { get; } =
    [
        new("br", stream => new BrotliStream(stream, CompressionLevel.SmallestSize)),
        new("gzip", stream => new GZipStream(stream, CompressionLevel.SmallestSize)),
    ];

    /// <summary>The best coding that the client accepts; one that it names with weight 0 is not.</summary>
    /// <param name="accepted">The fields Accept-Encoding of the request.</param>
    public static ContentCoding Choose(IList<string> accepted)
    {
        if (!StringWithQualityHeaderValue.TryParseList(accepted, out IList<StringWithQualityHeaderValue>? codings))
        {
            return Identity;
        }

        return Compressing.FirstOrDefault(coding => WeightOf(coding.Name, codings) > 0) ?? Identity;
    }

    /// <summary>The bytes in this coding.</summary>
    public byte[] Apply(ReadOnlySpan<byte> content)
    {
        using var output = new MemoryStream();
        using (Stream compressing = Compress(output))
        {
            compressing.Write(content);
        }

        return output.ToArray();
    }

    private static double WeightOf(string name, IList<StringWithQualityHeaderValue> codings) =>
        (codings.FirstOrDefault(coding => coding.Value.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? codings.FirstOrDefault(coding => coding.Value == "*")) is { } named ? named.Quality ?? 1 : 0;
}
