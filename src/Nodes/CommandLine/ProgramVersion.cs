using System.Reflection;

namespace SimplexActors.Nodes.CommandLine;

/// <summary>The version as it is printed: the name, then <c>v</c> version <c>/</c> commit, the reference's shape (O-030).</summary>
internal static class ProgramVersion
{
    private const int ShownCommitDigits = 7;

    /// <summary>Such as <c>SimplexActors router v0.1.0 / 1a2b3c4</c>; the commit is empty when built outside a checkout.</summary>
    public static string Line { get; } = $"SimplexActors router v{Number} / {Commit}";

    /// <summary>The version alone, such as <c>0.1.0</c>.</summary>
    public static string Number => Informational.Split('+')[0];

    /// <summary>The first digits of the commit; empty when built outside a checkout.</summary>
    public static string Commit => Informational.Split('+') is [_, { Length: >= ShownCommitDigits } commit] ? commit[..ShownCommitDigits] : "";

    private static string Informational =>
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
}
