using SimplexActors.Testing;
using YamlDotNet.RepresentationModel;

namespace SimplexActors.Nodes.Tests.Kubernetes;

/// <summary>The files of the folder <c>k8s</c>.</summary>
internal static class Manifests
{
    /// <summary>Everything that is applied, and the template of secrets.</summary>
    public static IReadOnlyList<string> Files { get; } =
        [.. Directory.EnumerateFiles(Repository.PathOf("k8s"), "*.yaml").Select(file => Path.GetFileName(file)).Where(name => name != "kustomization.yaml").Order()];

    /// <summary>The objects of a file.</summary>
    public static IReadOnlyList<YamlMappingNode> Of(string file) => Parse(File.ReadAllText(Repository.PathOf("k8s", file)));

    /// <summary>The objects of a text.</summary>
    public static IReadOnlyList<YamlMappingNode> Parse(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return [.. stream.Documents.Select(document => (YamlMappingNode)document.RootNode)];
    }

    /// <summary>The objects of a kind.</summary>
    public static IReadOnlyList<YamlMappingNode> OfKind(string kind) => [.. Files.SelectMany(Of).Where(item => item.Text("kind") == kind)];

    /// <summary>What is at a path of keys; null when nothing is.</summary>
    public static YamlNode? Find(this YamlNode node, params string[] path) =>
        path.Aggregate((YamlNode?)node, (at, key) => at is YamlMappingNode map && map.Children.TryGetValue(key, out YamlNode? value) ? value : null);

    /// <summary>The text at a path; fails when there is none.</summary>
    public static string Text(this YamlNode node, params string[] path) =>
        (node.Find(path) as YamlScalarNode)?.Value ?? throw new KeyNotFoundException($"nothing at {string.Join('.', path)}");

    /// <summary>The elements at a path; none when nothing is there.</summary>
    public static IReadOnlyList<YamlNode> List(this YamlNode node, params string[] path) => node.Find(path) is YamlSequenceNode list ? [.. list.Children] : [];

    /// <summary>Names and values of the map at a path.</summary>
    public static IReadOnlyDictionary<string, string> Map(this YamlNode node, params string[] path) =>
        node.Find(path) is YamlMappingNode map ? map.Children.ToDictionary(pair => $"{pair.Key}", pair => $"{pair.Value}") : new Dictionary<string, string>();
}
