using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace SimplexActors.Nodes.Edges.Web;

/// <summary>
/// Fills a page. <c>{{name}}</c> is replaced by a value with everything escaped that means something in HTML,
/// also within quoted attributes; <c>{{{name}}}</c> by markup that the router made itself; what stands between
/// <c>{{#name}}</c> and <c>{{/name}}</c> is left out when the value is null. A page that names an unknown value
/// cannot be filled: that shows at every start.
/// </summary>
internal static class PageTemplate
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>The page with its values.</summary>
    /// <exception cref="InvalidOperationException">The page is not written properly.</exception>
    public static string Fill(string page, IReadOnlyDictionary<string, string?> values)
    {
        var output = new StringBuilder(page.Length * 2);
        Fill(page, values, output);
        return output.ToString();
    }

    private static void Fill(ReadOnlySpan<char> rest, IReadOnlyDictionary<string, string?> values, StringBuilder output)
    {
        while (rest.IndexOf("{{", StringComparison.Ordinal) is >= 0 and var start)
        {
            output.Append(rest[..start]);
            bool isMarkup = rest[start..].StartsWith("{{{", StringComparison.Ordinal);
            string tag = Take(rest[(start + (isMarkup ? 3 : 2))..], isMarkup ? "}}}" : "}}");
            rest = rest[(start + tag.Length + (isMarkup ? 6 : 4))..];
            if (tag.StartsWith('#'))
            {
                string name = tag[1..];
                string inner = Take(rest, $"{{{{/{name}}}}}");
                rest = rest[(inner.Length + name.Length + 5)..];
                if (ValueOf(name, values) is not null)
                {
                    Fill(inner, values, output);
                }

                continue;
            }

            string value = ValueOf(tag, values) ?? "";
            output.Append(isMarkup ? value : Encoder.Encode(value));
        }

        output.Append(rest);
    }

    private static string Take(ReadOnlySpan<char> text, string end) => text.IndexOf(end, StringComparison.Ordinal) is >= 0 and var length
        ? text[..length].ToString()
        : throw new InvalidOperationException($"A page has no {end}.");

    private static string? ValueOf(string name, IReadOnlyDictionary<string, string?> values) =>
        values.TryGetValue(name, out string? value) ? value : throw new InvalidOperationException($"A page names the unknown value {name}.");
}
