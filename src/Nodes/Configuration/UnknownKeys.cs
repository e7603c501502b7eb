using Microsoft.Extensions.Configuration;

namespace SimplexActors.Nodes.Configuration;

/// <summary>Finds what a source sets and the router does not know, and what was probably meant.</summary>
internal static class UnknownKeys
{
    private const int MaxSuggestionDistance = 4;

    /// <summary>One line per unknown key of <paramref name="source"/>.</summary>
    public static IEnumerable<string> Find(ConfigSource source, IReadOnlyCollection<string> known) =>
        from key in Leaves(source.Provider, null)
        where !known.Any(k => Covers(k, key))
        select $"{key} ({source.Name}): there is no such key{Suggest(key, known)}";

    private static bool Covers(string known, string key) =>
        key.StartsWith(known, StringComparison.OrdinalIgnoreCase) && (key.Length == known.Length || IsIndex(key.AsSpan(known.Length)));

    private static bool IsIndex(ReadOnlySpan<char> rest) => rest[0] == '.' && rest.Length > 1 && rest[1..].IndexOfAnyExceptInRange('0', '9') < 0;

    private static IEnumerable<string> Leaves(IConfigurationProvider provider, string? parent)
    {
        foreach (string child in provider.GetChildKeys([], parent).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            string path = parent is null ? child : ConfigurationPath.Combine(parent, child);
            bool leaf = true;
            foreach (string key in Leaves(provider, path))
            {
                leaf = false;
                yield return key;
            }

            if (leaf && provider.TryGet(path, out string? value) && value is not null)
            {
                yield return path.Replace(ConfigurationPath.KeyDelimiter, ".", StringComparison.Ordinal);
            }
        }
    }

    private static string Suggest(string key, IReadOnlyCollection<string> known)
    {
        (string nearest, int distance) = known
            .Select(k => (Key: k, Distance: Math.Min(Distance(key, k), LastPart(key).Equals(LastPart(k), StringComparison.OrdinalIgnoreCase) ? 1 : int.MaxValue)))
            .MinBy(candidate => candidate.Distance);
        return distance <= MaxSuggestionDistance ? $"; did you mean {nearest}?" : "";
    }

    private static string LastPart(string key) => key[(key.LastIndexOf('.') + 1)..];

    /// <summary>How many letters must be added, removed or replaced to make one text of the other (Levenshtein).</summary>
    private static int Distance(string from, string to)
    {
        var row = new int[to.Length + 1];
        for (int j = 0; j <= to.Length; j++)
        {
            row[j] = j;
        }

        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int replaced = diagonal + (char.ToUpperInvariant(from[i - 1]) == char.ToUpperInvariant(to[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[to.Length];
    }
}
