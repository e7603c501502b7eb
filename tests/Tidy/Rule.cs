namespace SimplexActors.Tidy;

/// <summary>A rule of the house: what it is called, which files it concerns and what it finds in one.</summary>
/// <param name="Name">A sentence that is true of a tidy file.</param>
/// <param name="Concerns">The files it is about.</param>
/// <param name="Violations">Line and what is wrong there.</param>
internal sealed record Rule(string Name, Func<SourceFile, bool> Concerns, Func<SourceFile, IEnumerable<(int Line, string What)>> Violations)
{
    /// <summary>All violations, as <c>file:line what</c>.</summary>
    public IReadOnlyList<string> Check(IEnumerable<SourceFile> files) =>
    [
        .. from file in files
           where Concerns(file)
           from violation in Violations(file)
           select $"{file.Path}:{violation.Line} {violation.What}",
    ];
}
