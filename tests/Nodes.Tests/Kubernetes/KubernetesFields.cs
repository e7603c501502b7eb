using System.Globalization;
using SimplexActors.Testing;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace SimplexActors.Nodes.Tests.Kubernetes;

/// <summary>Which fields objects of Kubernetes have, and of which kind; from <c>kubernetes-1.30-fields.txt</c>.</summary>
internal sealed class KubernetesFields
{
    private readonly Dictionary<string, Dictionary<string, (string Type, bool IsRequired)>> _types = [];

    public KubernetesFields()
    {
        foreach (string line in File.ReadLines(Repository.PathOf("tests", "Nodes.Tests", "Kubernetes", "kubernetes-1.30-fields.txt")).Where(line => line[0] != '#'))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            _types[words[0]] = words.Skip(1).Select(word => word.Split(':', 2)).ToDictionary(
                pair => pair[0].TrimEnd('!'),
                pair => (pair[1], pair[0].EndsWith('!')));
        }
    }

    /// <summary>What is wrong with an object, one line each.</summary>
    public IEnumerable<string> ProblemsOf(YamlMappingNode item) =>
        item.Children.TryGetValue("kind", out YamlNode? kind) && _types.ContainsKey($"{kind}")
            ? ProblemsOf(item, $"{kind}", $"{kind}")
            : [$"kind {kind} is not known"];

    private IEnumerable<string> ProblemsOf(YamlNode node, string type, string path) => (type[0], node) switch
    {
        ('[', YamlSequenceNode list) => list.Children.SelectMany((child, i) => ProblemsOf(child, type[1..^1], $"{path}[{i}]")),
        ('{', YamlMappingNode map) => map.Children.SelectMany(pair => ProblemsOf(pair.Value, type[1..^1], $"{path}.{pair.Key}")),
        ('\'', YamlScalarNode text) => text.Value == type.Trim('\'') ? [] : [$"{path}: is {text.Value} instead of {type}"],
        (_, YamlScalarNode scalar) when type is "string" or "number" or "boolean" or "scalar" => Fits(scalar, type) ? [] : [$"{path}: {scalar.Value} is no {type}"],
        (_, YamlMappingNode map) when _types.TryGetValue(type, out var fields) => ProblemsOf(map, fields, path),
        _ when type == "any" => [],
        _ => [$"{path}: is no {type}"],
    };

    private IEnumerable<string> ProblemsOf(YamlMappingNode map, Dictionary<string, (string Type, bool IsRequired)> fields, string path) =>
    [
        .. map.Children.SelectMany(pair => fields.TryGetValue($"{pair.Key}", out var field)
            ? ProblemsOf(pair.Value, field.Type, $"{path}.{pair.Key}")
            : [$"{path}.{pair.Key}: there is no such field"]),
        .. fields.Where(field => field.Value.IsRequired && !map.Children.ContainsKey(field.Key)).Select(field => $"{path}.{field.Key}: is missing"),
    ];

    /// <summary>What is in quotes is a text; what is not is what YAML takes it for.</summary>
    private static bool Fits(YamlScalarNode scalar, string type)
    {
        bool isPlain = scalar.Style == ScalarStyle.Plain;
        bool isNumber = isPlain && double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
        bool isBoolean = isPlain && scalar.Value is "true" or "false" or "yes" or "no" or "on" or "off";
        return type switch
        {
            "number" => isNumber,
            "boolean" => isBoolean,
            "string" => !isNumber && !isBoolean && scalar.Value is not null,
            _ => !isBoolean,
        };
    }
}
