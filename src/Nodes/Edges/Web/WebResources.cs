using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace SimplexActors.Nodes.Edges.Web;

/// <summary>The files below Resources, which are built into the program.</summary>
internal static class WebResources
{
    private const string Prefix = "web/";
    private const string AssetFolder = "assets/";
    private const int ShownHashDigits = 12;

    /// <summary>Content by path from the folder Resources.</summary>
    private static readonly FrozenDictionary<string, byte[]> Files = typeof(WebResources).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Prefix.Length..].Replace('\\', '/'), Read);

    /// <summary>Files that pages load, by name.</summary>
    public static IEnumerable<KeyValuePair<string, byte[]>> Assets =>
        Files.Where(file => file.Key.StartsWith(AssetFolder, StringComparison.Ordinal)).Select(file => KeyValuePair.Create(file.Key[AssetFolder.Length..], file.Value));

    /// <summary>
    /// The folder of the assets in addresses. It changes when one of them does, so browsers may keep them for ever.
    /// </summary>
    public static string AssetPath { get; } = $"/assets/{HashOfAssets()}/";

    /// <summary>The content of a file.</summary>
    public static byte[] Bytes(string path) => Files[path];

    /// <summary>The content of a text file.</summary>
    public static string Text(string path) => Encoding.UTF8.GetString(Bytes(path));

    private static string HashOfAssets()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (KeyValuePair<string, byte[]> asset in Assets.OrderBy(asset => asset.Key, StringComparer.Ordinal))
        {
            hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(asset.Key)));
            hash.AppendData(SHA256.HashData(asset.Value));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..ShownHashDigits];
    }

    private static byte[] Read(string name)
    {
        using Stream stream = typeof(WebResources).Assembly.GetManifestResourceStream(name)!;
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
