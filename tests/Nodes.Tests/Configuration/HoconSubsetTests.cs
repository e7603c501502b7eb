using System.Text.Json;
using SimplexActors.Nodes.Configuration;
using Xunit;

namespace SimplexActors.Nodes.Tests.Configuration;

/// <summary>What of HOCON is read, and what is refused with its line.</summary>
public sealed class HoconSubsetTests
{
    [Theory]
    [InlineData("{ \"a\": 1 }")]
    [InlineData("{ \"a\": 1, }")]
    [InlineData("# hash\n{ \"a\": 1 # one\n}")]
    [InlineData("// slashes \" with a quote\n{ \"a\": 1 // one # two \"\n}")]
    public void Json_with_comments_is_read(string text)
    {
        using JsonDocument document = Parse(text);
        Assert.Equal(1, document.RootElement.GetProperty("a").GetInt32());
    }

    [Theory]
    [InlineData("a # b")]
    [InlineData("http://c")]
    [InlineData("say \\\"#\\\" twice")]
    public void Comment_signs_inside_texts_are_text(string value)
    {
        using JsonDocument document = Parse($"{{ \"a\": \"{value}\" }} # end");
        Assert.Equal(value.Replace("\\", ""), document.RootElement.GetProperty("a").GetString());
    }

    [Theory]
    [InlineData("{\n  \"a\" = 1\n}", "x.conf, line 2: of HOCON only its JSON subset is read")]
    [InlineData("include \"other.conf\"", "x.conf, line 1: of HOCON only its JSON subset is read")]
    [InlineData("{\n\n  \"a\": ${b}\n}", "x.conf, line 3: of HOCON only its JSON subset is read")]
    [InlineData("{\n  a: 1\n}", "x.conf, line 2: expected JSON: keys and texts in double quotes")]
    [InlineData("{ \"a\": 1", "x.conf, line 1: expected JSON")]
    [InlineData("{ \"a\": \"no end\n}", "x.conf, line 1: expected JSON")]
    [InlineData("", "x.conf, line 1: expected JSON")]
    [InlineData("[1]", "x.conf: the configuration must be one object")]
    [InlineData("{ \"a\": { \"b\": 1, \"B\": 2 } }", "x.conf: a.B is set twice")]
    public void Everything_else_is_refused_with_its_line(string text, string problem)
    {
        ConfigException refusal = Assert.Throws<ConfigException>(() => HoconSubset.ToJson(text, "x.conf"));
        Assert.StartsWith(problem, Assert.Single(refusal.Problems));
    }

    private static JsonDocument Parse(string text) => JsonDocument.Parse(
        HoconSubset.ToJson(text, "x.conf"), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
}
