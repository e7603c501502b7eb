using Microsoft.Extensions.Configuration;

namespace SimplexActors.Nodes.Configuration;

/// <summary>
/// Reads keys out of layered sources and collects every problem. A key is known because somebody reads it:
/// what the sources hold beyond that is reported as unknown. Keys are dotted, <c>section.key</c>.
/// </summary>
/// <param name="sources">Layers, weakest first.</param>
internal sealed class ConfigReader(IReadOnlyList<ConfigSource> sources)
{
    private readonly List<string> _problems = [];
    private readonly Dictionary<string, string> _defaults = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The keys read so far and the text of their defaults.</summary>
    public IReadOnlyDictionary<string, string> Defaults => _defaults;

    /// <summary>A dotted key as the configuration providers write it.</summary>
    public static string PathOf(string key) => key.Replace('.', ConfigurationPath.KeyDelimiter[0]);

    /// <summary>A yes or no.</summary>
    public bool Switch(string key, bool otherwise) => Single(key, otherwise, otherwise ? "true" : "false", ValueParsers.Switch);

    /// <summary>A whole number within bounds.</summary>
    public int Integer(string key, int otherwise, int minimum, int maximum) =>
        Single(key, otherwise, FormattableString.Invariant($"{otherwise}"), text => ValueParsers.Integer(text, minimum, maximum));

    /// <summary>A time with its unit, within bounds.</summary>
    public TimeSpan Duration(string key, TimeSpan otherwise, TimeSpan minimum, TimeSpan maximum) =>
        Single(key, otherwise, DurationText.Of(otherwise), text => ValueParsers.Duration(text, minimum, maximum));

    /// <summary>A time with its unit, within bounds, or 0 for never, which is the default.</summary>
    public TimeSpan? OptionalDuration(string key, TimeSpan minimum, TimeSpan maximum) =>
        Single<TimeSpan?>(key, null, "0", text => ValueParsers.OptionalDuration(text, minimum, maximum));

    /// <summary>A rate such as "100 per second, burst 500", or 0 for none.</summary>
    public Rate Rate(string key, Rate otherwise) => Single(key, otherwise, otherwise.ToString(), Configuration.Rate.Parse);

    /// <summary>A number of bytes with its unit, such as "256 MiB".</summary>
    public long Size(string key, long otherwise) => Single(key, otherwise, SizeText.Of(otherwise), SizeText.Parse);

    /// <summary>One of several words.</summary>
    public T Choice<T>(string key, T otherwise, IReadOnlyDictionary<string, T> choices)
        where T : struct => Single(key, otherwise, choices.First(c => c.Value.Equals(otherwise)).Key, text =>
            choices.TryGetValue(text, out T value) ? Parsed<T>.Of(value) : Parsed<T>.Not("one of " + string.Join(", ", choices.OrderBy(c => c.Value).Select(c => c.Key))));

    /// <summary>A path, made full from the folder that its layer is relative to.</summary>
    public string FilePath(string key, string otherwise)
    {
        _defaults[key] = otherwise;
        return FindText(key) is not var (source, text) ? Path.GetFullPath(otherwise)
            : text.Length > 0 ? Path.GetFullPath(text, source.Folder)
            : Refuse(key, source, "\"\"", "a path", otherwise);
    }

    /// <summary>Like <see cref="FilePath"/>; null when the key is not set or empty.</summary>
    public string? OptionalFilePath(string key)
    {
        _defaults[key] = "";
        return FindText(key) is var (source, text) && text.Length > 0 ? Path.GetFullPath(text, source.Folder) : null;
    }

    /// <summary>A value that is never shown; null when the key is not set or empty.</summary>
    public T? Secret<T>(string key, Func<string, Parsed<T>> parse)
        where T : class
    {
        _defaults[key] = "";
        if (FindText(key) is not var (source, text) || text.Length == 0)
        {
            return null;
        }

        Parsed<T> parsed = parse(text);
        return parsed.Success ? parsed.Value : Refuse<T?>(key, source, "(not shown)", parsed.Allowed, null);
    }

    /// <summary>A value; null when the key is not set or empty.</summary>
    public T? Optional<T>(string key, Func<string, Parsed<T>> parse)
        where T : class
    {
        _defaults[key] = "";
        if (FindText(key) is not var (source, text) || text.Trim().Length == 0)
        {
            return null;
        }

        Parsed<T> parsed = parse(text.Trim());
        return parsed.Success ? parsed.Value : Refuse<T?>(key, source, Quote(text), parsed.Allowed, null);
    }

    /// <summary>A list: an array, or a text with commas. A layer that sets it replaces it whole.</summary>
    public IReadOnlyList<T> List<T>(string key, IReadOnlyList<T> otherwise, Func<string, Parsed<T>> parse, int minimum = 0)
    {
        _defaults[key] = string.Join(',', otherwise);
        if (FindList(key) is not var (source, texts))
        {
            return otherwise;
        }

        var values = new List<T>(texts.Count);
        foreach (string text in texts)
        {
            Parsed<T> parsed = parse(text);
            if (!parsed.Success)
            {
                return Refuse(key, source, Quote(text), parsed.Allowed, otherwise);
            }

            values.Add(parsed.Value);
        }

        return values.Distinct().Count() != values.Count ? Refuse(key, source, Quote(string.Join(',', texts)), "a list without repetitions", otherwise)
            : values.Count < minimum ? Refuse(key, source, "[]", "a list that is not empty", otherwise)
            : values;
    }

    /// <summary>Whether the value of a key was refused: what follows from its absence is then no problem of its own.</summary>
    public bool IsRefused(string key) => _problems.Exists(problem => problem.StartsWith($"{key} = ", StringComparison.Ordinal));

    /// <summary>Adds a problem that concerns several keys.</summary>
    public void Report(string problem) => _problems.Add(problem);

    /// <summary>Reports keys that nobody read, then throws when there was any problem.</summary>
    /// <exception cref="ConfigException">There was a problem.</exception>
    public void ThrowOnProblems()
    {
        _problems.AddRange(sources.SelectMany(source => UnknownKeys.Find(source, _defaults.Keys)));
        if (_problems.Count > 0)
        {
            throw new ConfigException(_problems);
        }
    }

    private static string Quote(string text) => $"\"{text.ReplaceLineEndings(" ")}\"";

    private T Single<T>(string key, T otherwise, string shown, Func<string, Parsed<T>> parse)
    {
        _defaults[key] = shown;
        if (FindText(key) is not var (source, text))
        {
            return otherwise;
        }

        Parsed<T> parsed = parse(text.Trim());
        return parsed.Success ? parsed.Value : Refuse(key, source, Quote(text), parsed.Allowed, otherwise);
    }

    private T Refuse<T>(string key, ConfigSource source, string value, string allowed, T otherwise)
    {
        _problems.Add($"{key} = {value} ({source.Name}): must be {allowed}");
        return otherwise;
    }

    private (ConfigSource Source, string Text)? FindText(string key)
    {
        foreach (ConfigSource source in sources.Reverse())
        {
            if (Children(source, key).Count > 0)
            {
                Refuse(key, source, "[...]", "one value", 0);
                return null;
            }

            if (source.Provider.TryGet(PathOf(key), out string? text) && text is not null)
            {
                return (source, text);
            }
        }

        return null;
    }

    private (ConfigSource Source, IReadOnlyList<string> Texts)? FindList(string key)
    {
        foreach (ConfigSource source in sources.Reverse())
        {
            IReadOnlyList<string> children = Children(source, key);
            if (children.Count > 0)
            {
                return (source, [.. children.Select(child => source.Provider.TryGet($"{PathOf(key)}:{child}", out string? text) ? text ?? "" : "")]);
            }

            if (source.Provider.TryGet(PathOf(key), out string? joined) && joined is not null)
            {
                return (source, joined.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
            }
        }

        return null;
    }

    private static IReadOnlyList<string> Children(ConfigSource source, string key) =>
        [.. source.Provider.GetChildKeys([], PathOf(key)).Distinct(StringComparer.OrdinalIgnoreCase)];
}
