namespace SimplexActors.Testing;

/// <summary>Names the numbered line of the specification that a test proves, such as <c>S-111</c>.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
public sealed class SpecAttribute(params string[] lines) : Attribute
{
    /// <summary>Identifiers of the lines.</summary>
    public IReadOnlyList<string> Lines { get; } = lines;
}
