using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Tidy;

/// <summary>The house is in order: every file of this checkout keeps every rule.</summary>
public sealed class HouseTests
{
    private static readonly IReadOnlyList<SourceFile> Files = SourceFile.All();

    private static readonly IReadOnlyList<Project> Projects =
        [.. Files.Where(file => file.Path.EndsWith(".csproj")).Select(Project.Read)];

    public static TheoryData<string> RuleNames => [.. Rules.All.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(RuleNames))]
    public void Every_file_keeps_the_rule(string name) =>
        Assert.Empty(Rules.All.Single(rule => rule.Name == name).Check(Files));

    [Fact]
    public void Projects_reference_each_other_one_way() => Assert.Empty(Projects.SelectMany(project => project.WrongArrows()));

    [Fact]
    public void Every_source_file_is_compiled() => Assert.Empty(Project.Orphans(Files, Projects));

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        string solution = File.ReadAllText(Repository.PathOf("SimplexActors.sln")).Replace('\\', '/');
        Assert.Empty(Projects.Where(project => !solution.Contains(project.Path)).Select(project => project.Path));
    }

    [Fact]
    public void The_checkout_was_found() => Assert.Contains(Files, file => file.Path == "src/Nodes/Program.cs");
}
