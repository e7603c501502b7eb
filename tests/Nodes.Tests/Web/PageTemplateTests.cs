using SimplexActors.Nodes.Edges.Web;
using SimplexActors.Testing;
using Xunit;

namespace SimplexActors.Nodes.Tests.Web;

/// <summary>Pages are filled with values that are text, never markup.</summary>
public sealed class PageTemplateTests
{
    private static readonly Dictionary<string, string?> Values = new() { ["a"] = "<&>\"'", ["b"] = "{{a}}", ["none"] = null, ["empty"] = "" };

    [Theory]
    [InlineData("x{{a}}y", "x&lt;&amp;&gt;&quot;&#x27;y")]
    [InlineData("{{{a}}}", "<&>\"'")]
    [InlineData("{{b}}", "{{a}}")]
    [InlineData("{{none}}|{{empty}}", "|")]
    [InlineData("1{{#none}}2{{a}}{{/none}}3", "13")]
    [InlineData("1{{#empty}}2{{#none}}3{{/none}}{{/empty}}4", "124")]
    [InlineData("{{#a}}1{{/a}}{{#a}}2{{/a}}", "12")]
    [Spec("O-213", "O-639")]
    public void Values_and_sections(string page, string filled) => Assert.Equal(filled, PageTemplate.Fill(page, Values));

    [Theory]
    [InlineData("{{unknown}}")]
    [InlineData("{{#unknown}}{{/unknown}}")]
    [InlineData("{{#a}}")]
    [InlineData("{{a")]
    [Spec("O-213")]
    public void A_page_with_a_mistake_cannot_be_filled(string page) =>
        Assert.Throws<InvalidOperationException>(() => PageTemplate.Fill(page, Values));
}
