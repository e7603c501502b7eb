using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.Kubernetes;

/// <summary>Every field of the manifests is one of Kubernetes.</summary>
public sealed class FieldTests
{
    private static readonly KubernetesFields Fields = new();

    public static TheoryData<string> Files => [.. Manifests.Files];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_has_fields_of_Kubernetes_only(string file)
    {
        Assert.NotEmpty(Manifests.Of(file));
        Assert.Empty(Manifests.Of(file).SelectMany(Fields.ProblemsOf));
    }

    [Theory]
    [InlineData("readOnlyRootFilesystem:", "readOnlyRootFileSystem:", "securityContext.readOnlyRootFileSystem: there is no such field")]
    [InlineData("terminationGracePeriodSeconds: 75", "terminationGracePeriodSeconds: soon", "soon is no number")]
    [InlineData("failureThreshold: 300", "failureThreshold: \"300\"", "300 is no number")]
    [InlineData("value: \"0\"", "value: 0", "0 is no string")]
    [InlineData("readOnly: true", "readOnly: maybe", "maybe is no boolean")]
    [InlineData("drop: [\"ALL\"]", "drop: ALL", "drop: is no [string]")]
    [InlineData("kind: StatefulSet", "kind: StatefullSet", "kind StatefullSet is not known")]
    [InlineData("apiVersion: apps/v1", "apiVersion: apps/v2", "is apps/v2 instead of 'apps/v1'")]
    [InlineData("    matchLabels:\n      app", "    matchLabel:\n      app", "selector.matchLabel: there is no such field")]
    [InlineData("- name: router\n", "- tty: true\n", "containers[0].name: is missing")]
    public void A_mistake_is_found(string right, string wrong, string problem)
    {
        string text = File.ReadAllText(Repository.PathOf("k8s", "stateful-set.yaml"));
        Assert.Contains(right, text, StringComparison.Ordinal);
        IEnumerable<string> problems = Manifests.Parse(text.Replace(right, wrong, StringComparison.Ordinal)).SelectMany(Fields.ProblemsOf);
        Assert.Contains(problems, found => found.Contains(problem, StringComparison.Ordinal));
    }
}
