using SimplexActors.Nodes.LocalCluster;
using Spectre.Console;
using Xunit;

namespace SimplexActors.Nodes.Tests.LocalCluster;

/// <summary>What a person sees of a cluster on one machine.</summary>
public sealed class TerminalDisplayTests
{
    [Fact]
    public void The_table_has_a_row_for_each_node_whatever_is_known_of_it()
    {
        using var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text) });
        console.Write(TerminalDisplay.TableOf(new ClusterLook(
            [
                new NodeLook("n1", 5223, 101, NodeLook.Serving, 171, TimeSpan.FromMilliseconds(420)),
                new NodeLook("n2", 0, 102, "starting", null, null),
            ],
            "[256] shards")));

        string[] lines = text.ToString().Split('\n');
        Assert.Equal(["n1", "5223", "101", "serving", "171", "0.4"], Cells(lines, "n1"));
        Assert.Equal(["n2", "", "102", "starting", "", ""], Cells(lines, "n2"));
        Assert.Contains(lines, line => line.Contains("[256] shards", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Cells(string[] lines, string node) =>
        lines.Single(line => line.Contains(node, StringComparison.Ordinal)).Trim().Trim('│').Split('│').Select(cell => cell.Trim());
}
