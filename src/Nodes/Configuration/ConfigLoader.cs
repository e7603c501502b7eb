using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.Memory;

namespace SimplexActors.Nodes.Configuration;

/// <summary>
/// Puts the layers together: built-in defaults, then the file, then environment variables
/// <c>SIMPLEX__section__key</c>, then command-line options. The last one that sets a key wins.
/// </summary>
internal static class ConfigLoader
{
    /// <summary>What every environment variable of the router begins with.</summary>
    public const string EnvironmentPrefix = "SIMPLEX__";

    /// <summary>Reads and validates the configuration.</summary>
    /// <param name="file">Path of the configuration file; null reads none.</param>
    /// <param name="options">Values from the command line, by dotted key.</param>
    /// <param name="defaults">Values of a command that has defaults of its own, by dotted key.</param>
    /// <exception cref="ConfigException">The file cannot be read, or a key or value is not allowed.</exception>
    public static RouterConfig Load(
        string? file,
        IReadOnlyDictionary<string, string> options,
        IReadOnlyDictionary<string, string>? defaults = null)
    {
        string current = Directory.GetCurrentDirectory();
        var layers = new List<(string Name, string Folder, IConfigurationSource Source)>();
        if (defaults is not null)
        {
            layers.Add(("default", current, InMemory(defaults)));
        }

        if (file is not null)
        {
            string path = Path.GetFullPath(file);
            layers.Add((file, Path.GetDirectoryName(path) ?? current, new JsonStreamConfigurationSource { Stream = Open(path, file) }));
        }

        layers.Add(("environment", current, new EnvironmentVariablesConfigurationSource { Prefix = EnvironmentPrefix }));
        layers.Add(("command line", current, InMemory(options)));
        return Read(layers);
    }

    /// <summary>Validates the text of a configuration file that is about to be written, alone.</summary>
    /// <param name="text">The content.</param>
    /// <param name="folder">Full path of the file's folder.</param>
    /// <param name="name">What messages call the source of the values.</param>
    /// <exception cref="ConfigException">A key or value is not allowed.</exception>
    public static RouterConfig Validate(string text, string folder, string name) =>
        Read([(name, folder, new JsonStreamConfigurationSource { Stream = new MemoryStream(HoconSubset.ToJson(text, name)) })]);

    private static RouterConfig Read(List<(string Name, string Folder, IConfigurationSource Source)> layers)
    {
        var builder = new ConfigurationBuilder();
        foreach ((_, _, IConfigurationSource source) in layers)
        {
            builder.Add(source);
        }

        using var root = (ConfigurationRoot)builder.Build();
        var sources = root.Providers.Zip(layers, (provider, layer) => new ConfigSource(layer.Name, layer.Folder, provider));
        return RouterConfig.Read(new ConfigReader([.. sources]));
    }

    private static MemoryConfigurationSource InMemory(IReadOnlyDictionary<string, string> values) => new()
    {
        InitialData = values.Select(pair => KeyValuePair.Create(ConfigReader.PathOf(pair.Key), (string?)pair.Value)),
    };

    private static MemoryStream Open(string path, string shownAs)
    {
        try
        {
            return new MemoryStream(HoconSubset.ToJson(File.ReadAllText(path), shownAs));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string reason = e switch
            {
                FileNotFoundException or DirectoryNotFoundException => "no such file",
                UnauthorizedAccessException => Directory.Exists(path) ? "it is a folder" : "not allowed to read it",
                _ => e.Message,
            };
            throw new ConfigException([$"{shownAs}: {reason}"]);
        }
    }
}
