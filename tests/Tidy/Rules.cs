using System.Text.RegularExpressions;

namespace SimplexActors.Tidy;

/// <summary>The rules about single files.</summary>
internal static partial class Rules
{
    /// <summary>Lines that a file may have.</summary>
    public const int MaxFileLines = 600;

    /// <summary>Lines that a member may have, from its signature to its closing brace.</summary>
    public const int MaxMemberLines = 70;

    private const string EngineFolder = "src/Actors/Engine/";

    /// <summary>Every rule about single files.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        new("a file is short", file => !file.Path.EndsWith(".sln") && !IsSpecification(file), LongFiles),
        new("a method is short", file => file.IsCode, LongMembers),
        CodeRule("time comes from a TimeProvider", @"\bDateTime(Offset)?\s*\.\s*(Now|UtcNow|Today)\b"),
        CodeRule("nothing sleeps", @"\bThread\s*\.\s*Sleep\b|\bSpinWait\s*\.\s*SpinUntil\b"),
        CodeRule("only the engine starts work of its own", @"\bTask\s*\.\s*(Run|Factory)\b|\bnew\s+Thread\s*\(", IsSourceOutsideEngine),
        CodeRule("async methods return tasks", @"\basync\s+void\b"),
        CodeRule("nothing blocks on a task", @"\.\s*Result\b(?!\s*[(<=])|(?<!\bMonitor)\.\s*Wait\s*\(|\bGetResult\s*\(|\bTask\s*\.\s*Wait(All|Any)\b", file => !IsAwaiter(file) && !IsBenchmark(file)),
        new("no exception is swallowed", file => file.IsCode, SwallowingCatch.Find),
        TextRule("a skipped test says why", SkipWithoutReason(), file => file.IsCode),
        TextRule("work left over is in no comment", LeftOver(), file => file.IsCode),
        TextRule("nothing names a path of somebody's machine", MachinePath(), _ => true),
    ];

    private static Rule CodeRule(string name, string pattern, Func<SourceFile, bool>? concerns = null)
    {
        var regex = new Regex(pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));
        return new Rule(
            name,
            file => file.IsCode && (concerns is null || concerns(file)),
            file => regex.Matches(file.Code).Select(match => (file.LineOf(match.Index), match.Value)));
    }

    private static Rule TextRule(string name, Regex regex, Func<SourceFile, bool> concerns) =>
        new(name, concerns, file => regex.Matches(file.Text).Select(match => (file.LineOf(match.Index), match.Value)));

    private static bool IsSourceOutsideEngine(SourceFile file) => file.Path.StartsWith("src/") && !file.Path.StartsWith(EngineFolder);

    /// <summary>A class that implements the awaiter pattern has a GetResult of its own.</summary>
    private static bool IsAwaiter(SourceFile file) => file.Code.Contains("IValueTaskSource") || file.Code.Contains("NotifyCompletion");

    // Numbered lines of behaviour: reference material, looked up and not read through.
    private static bool IsSpecification(SourceFile file) => file.Path.StartsWith("docs/spec/");

    /// <summary>A benchmark waits on its thread where a change of threads would be measured too.</summary>
    private static bool IsBenchmark(SourceFile file) => file.Path.StartsWith("tests/Bench/");

    private static IEnumerable<(int Line, string What)> LongFiles(SourceFile file)
    {
        int lines = file.Text.AsSpan().TrimEnd('\n').Count('\n') + 1;
        return lines > MaxFileLines ? [(1, $"{lines} lines")] : [];
    }

    private static IEnumerable<(int Line, string What)> LongMembers(SourceFile file) =>
        from member in Member.Find(file)
        let lines = member.LastLine - member.FirstLine + 1
        where lines > MaxMemberLines
        select (member.FirstLine, $"{lines} lines: {member.Header.ReplaceLineEndings(" ")}");

    [GeneratedRegex("""Skip\s*=\s*(""|null|string\.Empty|"[^"]{0,9}")""")]
    private static partial Regex SkipWithoutReason();

    [GeneratedRegex(@"//.*\b(TOD[O]|FIXM[E]|HAC[K]|XX[X])\b")]
    private static partial Regex LeftOver();

    [GeneratedRegex(@"(?<![\w.~/])/(hom[e]/\w|Use[r]s/\w|wor[k]/|roo[t]/)|[A-Z]:\\+Use[r]s\\")]
    private static partial Regex MachinePath();
}
