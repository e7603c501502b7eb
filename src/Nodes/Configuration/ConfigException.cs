namespace SimplexActors.Nodes.Configuration;

/// <summary>The configuration cannot be used. Each problem is one line that names the key, the value and what is allowed.</summary>
internal sealed class ConfigException(IReadOnlyList<string> problems) : Exception(string.Join('\n', problems))
{
    /// <summary>One line per problem, in the order in which the keys are read.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
