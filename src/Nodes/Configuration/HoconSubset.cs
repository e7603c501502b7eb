using System.Text;
using System.Text.Json;

namespace SimplexActors.Nodes.Configuration;

/// <summary>
/// Accepts the part of HOCON that is JSON with <c>//</c> and <c>#</c> comments and trailing commas. Everything
/// else of HOCON (keys without quotes, <c>=</c>, substitutions, <c>include</c>) is refused with its line.
/// </summary>
internal static class HoconSubset
{
    private static readonly JsonDocumentOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The same text as JSON; comments become spaces, so that lines and columns stay.</summary>
    /// <param name="text">Content of the file.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <exception cref="ConfigException">The text is not in the subset.</exception>
    public static byte[] ToJson(string text, string file)
    {
        byte[] json = Encoding.UTF8.GetBytes(BlankHashComments(text));
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Options);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new ConfigException([$"{file}: the configuration must be one object: {{ ... }}"]);
            }

            RefuseDuplicates(document.RootElement, file, "");
            return json;
        }
        catch (JsonException e)
        {
            throw new ConfigException([Describe(text, file, e)]);
        }
    }

    private static string Describe(string text, string file, JsonException error)
    {
        long line = error.LineNumber ?? 0;
        string shown = text.Split('\n').ElementAtOrDefault((int)line)?.Trim() ?? "";
        bool hocon = shown.Contains('=') || shown.StartsWith("include", StringComparison.Ordinal) || shown.Contains("${", StringComparison.Ordinal);
        string allowed = hocon
            ? "of HOCON only its JSON subset is read: no '=', include or ${...}"
            : "expected JSON: keys and texts in double quotes, 'key: value' pairs separated by commas; // and # start a comment";
        return FormattableString.Invariant($"{file}, line {line + 1}: {allowed}");
    }

    private static void RefuseDuplicates(JsonElement element, string file, string path)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (JsonProperty property in element.EnumerateObject())
        {
            string key = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            if (!seen.Add(property.Name))
            {
                throw new ConfigException([$"{file}: {key} is set twice"]);
            }

            if (property.Value.ValueKind == JsonValueKind.Object)
            {
                RefuseDuplicates(property.Value, file, key);
            }
        }
    }

    /// <summary>Replaces each # comment outside quotes and outside // comments by spaces.</summary>
    private static string BlankHashComments(string text)
    {
        char[] result = text.ToCharArray();
        bool quoted = false;
        for (int i = 0; i < result.Length; i++)
        {
            char c = result[i];
            if (quoted)
            {
                i += c == '\\' ? 1 : 0;
                quoted = c is not ('"' or '\n');
            }
            else if (c == '"')
            {
                quoted = true;
            }
            else if (c == '#' || (c == '/' && i + 1 < result.Length && result[i + 1] == '/'))
            {
                while (i < result.Length && result[i] != '\n')
                {
                    result[i++] = ' ';
                }
            }
        }

        return new string(result);
    }
}
