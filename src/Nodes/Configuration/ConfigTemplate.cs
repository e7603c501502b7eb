using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SimplexActors.Nodes.Configuration;

/// <summary>The complete commented configuration <c>hocon/single.conf</c>, in which values can be replaced.</summary>
internal sealed class ConfigTemplate
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string[] _lines;

    /// <summary>The template with all keys at their defaults.</summary>
    public ConfigTemplate()
    {
        using Stream resource = typeof(ConfigTemplate).Assembly.GetManifestResourceStream("single.conf")
            ?? throw new InvalidOperationException("The program was built without its configuration template.");
        using var reader = new StreamReader(resource);
        _lines = reader.ReadToEnd().Split('\n');
    }

    /// <summary>The configuration as it stands now.</summary>
    public string Text => string.Join('\n', _lines);

    /// <summary>Replaces the value of a dotted key by a text.</summary>
    public ConfigTemplate Set(string key, string value) => Replace(key, JsonSerializer.Serialize(value, Json));

    /// <summary>Replaces the value of a dotted key by a list of texts.</summary>
    public ConfigTemplate Set(string key, IEnumerable<string> values) =>
        Replace(key, "[" + string.Join(", ", values.Select(Item)) + "]");

    /// <summary>
    /// Writes the file, readable by its owner only because it may hold a password. An existing file stays.
    /// </summary>
    /// <exception cref="IOException">The file exists or cannot be written.</exception>
    public void Write(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var stream = new FileStream(file, options);
        using var writer = new StreamWriter(stream);
        writer.Write(Text);
        writer.Flush();
        stream.Flush(flushToDisk: true);
    }

    /// <summary>A number stays one.</summary>
    private static string Item(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? value : JsonSerializer.Serialize(value, Json);

    private ConfigTemplate Replace(string key, string value)
    {
        string[] parts = key.Split('.');
        int section = Array.FindIndex(_lines, line => line.StartsWith($"  \"{parts[0]}\": ", StringComparison.Ordinal));
        int at = Array.FindIndex(_lines, section, line => line.StartsWith($"    \"{parts[1]}\": ", StringComparison.Ordinal));
        _lines[at] = $"    \"{parts[1]}\": {value},";
        return this;
    }
}
