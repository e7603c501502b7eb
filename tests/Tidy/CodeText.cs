namespace SimplexActors.Tidy;

/// <summary>
/// C# source with comments, texts and characters blanked out, so that rules see code only. Lines and columns
/// stay. Code inside interpolation holes is blanked with its text.
/// </summary>
internal static class CodeText
{
    /// <summary>The code of <paramref name="source"/>.</summary>
    public static string Of(string source)
    {
        char[] code = source.ToCharArray();
        int at = 0;
        while (at < code.Length)
        {
            int end = EndOfBlank(source, at);
            if (end == at)
            {
                at++;
                continue;
            }

            for (; at < end; at++)
            {
                code[at] = code[at] is '\n' ? '\n' : ' ';
            }
        }

        return new string(code);
    }

    /// <summary>Where the comment, text, character or directive that begins at <paramref name="at"/> ends; <paramref name="at"/> if none does.</summary>
    private static int EndOfBlank(string s, int at)
    {
        ReadOnlySpan<char> rest = s.AsSpan(at);
        if (rest.StartsWith("//") || (rest[0] == '#' && s.AsSpan(0, at).TrimEnd(" \t") is var before && (before.IsEmpty || before[^1] == '\n')))
        {
            return At(rest.IndexOf('\n'), s, at, 0);
        }

        if (rest.StartsWith("/*"))
        {
            return At(rest.IndexOf("*/"), s, at, 2);
        }

        if (rest[0] == '\'')
        {
            return EndOfQuoted(s, at + 1, '\'', verbatim: false);
        }

        int prefix = rest.IndexOfAnyExcept('$', '@');
        if (prefix < 0 || rest[prefix] != '"')
        {
            return at;
        }

        int quotes = rest[prefix..].IndexOfAnyExcept('"') is var q and >= 0 ? q : rest.Length - prefix;
        if (quotes >= 3)
        {
            int body = at + prefix + quotes;
            return At(s.AsSpan(body).IndexOf(new string('"', quotes)), s, body, quotes);
        }

        bool verbatim = rest[..prefix].Contains('@');
        return rest[..prefix].Contains('$')
            ? EndOfInterpolated(s, at + prefix + 1, verbatim)
            : EndOfQuoted(s, at + prefix + 1, '"', verbatim);
    }

    private static int At(int offset, string s, int start, int extra) => offset < 0 ? s.Length : start + offset + extra;

    private static int EndOfQuoted(string s, int at, char quote, bool verbatim)
    {
        for (; at < s.Length; at++)
        {
            if (s[at] == '\\' && !verbatim)
            {
                at++;
            }
            else if (s[at] == quote)
            {
                if (!verbatim || at + 1 >= s.Length || s[at + 1] != quote)
                {
                    return at + 1;
                }

                at++;
            }
        }

        return s.Length;
    }

    /// <summary>Like <see cref="EndOfQuoted"/>, where holes may hold texts of their own.</summary>
    private static int EndOfInterpolated(string s, int at, bool verbatim)
    {
        int depth = 0;
        for (; at < s.Length; at++)
        {
            char c = s[at];
            if (depth > 0 && EndOfBlank(s, at) is var end && end > at)
            {
                at = end - 1;
            }
            else if (depth == 0 && c == '\\' && !verbatim)
            {
                at++;
            }
            else if (c is '{' or '}' && depth == 0 && at + 1 < s.Length && s[at + 1] == c)
            {
                at++;
            }
            else if (c is '{' or '}')
            {
                depth += c == '{' ? 1 : -1;
            }
            else if (c == '"' && depth == 0)
            {
                return at + 1;
            }
        }

        return s.Length;
    }
}
