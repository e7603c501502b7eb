using System.Text.RegularExpressions;

namespace SimplexActors.SpecCoverage;

/// <summary>
/// Which lines of the specification have a test that names them (<c>[Spec("S-111")]</c>), and why the others have none.
/// Both sides are read from text: the specification, the list of reasons, and the sources of the tests.
/// </summary>
/// <param name="Lines">Identifiers of the specification's lines, in its order.</param>
/// <param name="Tests">Names of the tests of a line.</param>
/// <param name="Reasons">Why a line has no test.</param>
public sealed partial record Coverage(
    IReadOnlyList<string> Lines,
    ILookup<string, string> Tests,
    ILookup<string, string> Reasons)
{
    /// <summary>Reads the three texts.</summary>
    /// <param name="specification">Markdown; a line is a list item or table row that begins with its identifier.</param>
    /// <param name="reasons">Markdown; a table of identifiers, single or <c>S-001 to S-003</c>, and reasons.</param>
    /// <param name="sources">C# files of the tests: name and text.</param>
    public static Coverage Read(string specification, string reasons, IEnumerable<(string Name, string Text)> sources)
    {
        string[] lines = [.. DefinitionPattern().Matches(specification).Select(match => match.Groups["line"].Value)];
        ILookup<string, string> tests = sources
            .SelectMany(source => TestsOf(source.Name, source.Text))
            .Distinct()
            .ToLookup(pair => pair.Line, pair => pair.Test);
        return new Coverage(lines, tests, ReasonsOf(reasons, lines));
    }

    /// <summary>Lines that have a test.</summary>
    public IEnumerable<string> Tested => Lines.Where(Tests.Contains);

    /// <summary>Lines that have none.</summary>
    public IEnumerable<string> Untested => Lines.Where(line => !Tests.Contains(line));

    /// <summary>What is wrong: a line with neither test nor reason, with both, with two reasons, or a name of no line.</summary>
    public IEnumerable<string> Faults() =>
    [
        .. Untested.Where(line => !Reasons.Contains(line)).Select(line => $"{line} has neither a test nor a reason"),
        .. Tested.Where(Reasons.Contains).Select(line => $"{line} has a test and a reason why it has none"),
        .. Reasons.Where(reasons => reasons.Count() > 1).Select(reasons => $"{reasons.Key} has more than one reason"),
        .. Reasons.Select(reasons => reasons.Key).Except(Lines).Select(line => $"{line} has a reason and is no line of the specification"),
        .. Tests.Select(test => test.Key).Where(line => line[0] == 'S').Except(Lines).Select(line => $"{line} has a test and is no line of the specification"),
    ];

    private static IEnumerable<(string Line, string Test)> TestsOf(string file, string text) =>
        from attribute in AttributePattern().Matches(text)
        from line in IdentifierPattern().Matches(attribute.Groups["lines"].Value)
        select (line.Value, $"{file}.{NameAfter(text, attribute.Index + attribute.Length)}");

    /// <summary>The method or class that an attribute stands at.</summary>
    private static string NameAfter(string text, int from)
    {
        Match member = MemberPattern().Match(text, from);
        return member.Groups["name"].Value;
    }

    private static ILookup<string, string> ReasonsOf(string text, string[] lines) =>
        (from row in ReasonPattern().Matches(text)
         from line in Named(row.Groups["first"].Value, row.Groups["last"].Value, lines)
         select (Line: line, Reason: row.Groups["reason"].Value.Trim()))
        .ToLookup(pair => pair.Line, pair => pair.Reason);

    private static IEnumerable<string> Named(string first, string last, string[] lines) => last.Length == 0
        ? [first]
        : lines.Where(line => string.CompareOrdinal(line, first) >= 0 && string.CompareOrdinal(line, last) <= 0);

    [GeneratedRegex(@"^(?:- |\| )(?<line>[A-Z]-\d{3})\b", RegexOptions.Multiline)]
    private static partial Regex DefinitionPattern();

    [GeneratedRegex(@"(?:\[|, )Spec\((?<lines>[^)]*)\)\]")]
    private static partial Regex AttributePattern();

    [GeneratedRegex(@"[A-Z]-\d{3}")]
    private static partial Regex IdentifierPattern();

    [GeneratedRegex(@"(?:class|[\w>\]?]) (?<name>\w+)(?:\(|\s*(?::|\r?\n\{))")]
    private static partial Regex MemberPattern();

    [GeneratedRegex(@"^\| (?<first>[A-Z]-\d{3})(?: to (?<last>[A-Z]-\d{3}))? \| (?<reason>[^|]+) \|", RegexOptions.Multiline)]
    private static partial Regex ReasonPattern();
}
