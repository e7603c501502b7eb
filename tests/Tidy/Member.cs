using System.Text.RegularExpressions;

namespace SimplexActors.Tidy;

/// <summary>A method, property or other member with a body in braces.</summary>
/// <param name="Header">What stands before the body.</param>
/// <param name="FirstLine">The header's first line, from 1.</param>
/// <param name="LastLine">The line of the closing brace.</param>
internal sealed partial record Member(string Header, int FirstLine, int LastLine)
{
    /// <summary>Finds members by counting braces in code without comments and texts.</summary>
    public static IEnumerable<Member> Find(SourceFile file)
    {
        string code = file.Code;
        var open = new Stack<(bool IsType, int Start, string Header)>();
        int start = 0;
        int parentheses = 0;
        for (int at = 0; at < code.Length; at++)
        {
            parentheses += code[at] switch { '(' => 1, ')' => -1, _ => 0 };
            if (code[at] == '{')
            {
                string header = code[start..at];
                open.Push((parentheses == 0 && TypeHeader().IsMatch(header), start, header));
            }
            else if (code[at] == '}' && open.TryPop(out var block) && !block.IsType && open.Count > 0 && open.Peek().IsType && !IsData(block.Header))
            {
                int first = block.Start + (block.Header.Length - WithoutAttributes(block.Header).Length);
                yield return new Member(WithoutAttributes(block.Header).Trim(), file.LineOf(first), file.LineOf(at));
            }

            start = code[at] is '{' or '}' || (code[at] == ';' && parentheses == 0) ? at + 1 : start;
        }
    }

    private static string WithoutAttributes(string header)
    {
        string rest = header.TrimStart();
        while (Attribute().Match(rest) is { Success: true } attribute)
        {
            rest = rest[attribute.Length..].TrimStart();
        }

        return rest;
    }

    /// <summary>True for a field or property initialiser: a table is not a method.</summary>
    private static bool IsData(string header)
    {
        string outside = Parenthesised().Replace(header, "");
        int arrow = outside.IndexOf("=>", StringComparison.Ordinal);
        Match assignment = Assignment().Match(outside);
        return assignment.Success && (arrow < 0 || assignment.Index < arrow);
    }

    [GeneratedRegex(@"\b(namespace|class|struct|record|interface|enum|extension)\b")]
    private static partial Regex TypeHeader();

    [GeneratedRegex(@"^\[[^\]]*\]")]
    private static partial Regex Attribute();

    [GeneratedRegex(@"\((?>[^()]+|(?<open>\()|(?<-open>\)))*(?(open)(?!))\)")]
    private static partial Regex Parenthesised();

    [GeneratedRegex(@"(?<![=!<>])=(?![=>])")]
    private static partial Regex Assignment();
}
