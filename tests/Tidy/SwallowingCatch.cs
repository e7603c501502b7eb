using System.Text.RegularExpressions;

namespace SimplexActors.Tidy;

/// <summary>
/// Finds catch blocks that lose an exception: an empty one that does not even say why, and one that catches
/// everything and neither throws nor uses what it caught.
/// </summary>
internal static partial class SwallowingCatch
{
    /// <summary>Line and shape of each.</summary>
    public static IEnumerable<(int Line, string What)> Find(SourceFile file)
    {
        foreach (Match header in Header().Matches(file.Code))
        {
            int open = header.Index + header.Length - 1;
            int close = Closing(file.Code, open);
            string body = file.Code[(open + 1)..close];
            string explained = file.Text[(open + 1)..close];
            if (body.AsSpan().Trim().IsEmpty && explained.AsSpan().Trim().IsEmpty)
            {
                yield return (file.LineOf(header.Index), "empty catch without a reason");
            }
            else if (CatchesEverything(header) && !Uses(body, header.Groups["name"].Value))
            {
                yield return (file.LineOf(header.Index), "catches everything and tells nobody");
            }
        }
    }

    private static bool CatchesEverything(Match header) =>
        !header.Groups["when"].Success && header.Groups["type"].Value is "" or "Exception" or "System.Exception";

    private static bool Uses(string body, string name) =>
        Throw().IsMatch(body) || (name.Length > 0 && Regex.IsMatch(body, $@"\b{Regex.Escape(name)}\b", RegexOptions.None, TimeSpan.FromSeconds(1)));

    private static int Closing(string code, int open)
    {
        int depth = 0;
        for (int at = open; at < code.Length; at++)
        {
            depth += code[at] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
            {
                return at;
            }
        }

        return code.Length;
    }

    [GeneratedRegex(@"\bcatch\s*(\(\s*(?<type>[\w.]+)(\s+(?<name>\w+))?\s*\)\s*(?<when>when\s*\([^{]*\)\s*)?)?\{")]
    private static partial Regex Header();

    [GeneratedRegex(@"\bthrow\b")]
    private static partial Regex Throw();
}
