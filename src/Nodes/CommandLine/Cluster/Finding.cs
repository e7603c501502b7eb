namespace SimplexActors.Nodes.CommandLine.Cluster;

/// <summary>One line of a check.</summary>
/// <param name="Kind">How it went.</param>
/// <param name="About">What was looked at.</param>
/// <param name="Text">What was found and, when it is no good, what to do.</param>
internal sealed record Finding(FindingKind Kind, string About, string Text)
{
    /// <summary>It is as it should be.</summary>
    public static Finding Ok(string about, string text) => new(FindingKind.Ok, about, text);

    /// <summary>The node can join, but its operator should know.</summary>
    public static Finding Note(string about, string text) => new(FindingKind.Note, about, text);

    /// <summary>The node cannot join, or not serve.</summary>
    public static Finding Problem(string about, string text) => new(FindingKind.Problem, about, text);

    /// <inheritdoc/>
    public override string ToString() => $"{Kind switch { FindingKind.Ok => "ok", FindingKind.Note => "note", _ => "problem" }}: {About}: {Text.ReplaceLineEndings(" ").TrimEnd('.')}";
}

/// <summary>How a check went.</summary>
internal enum FindingKind : byte
{
    /// <summary>As it should be.</summary>
    Ok = 1,

    /// <summary>No obstacle.</summary>
    Note = 2,

    /// <summary>An obstacle.</summary>
    Problem = 3,
}
