using System.Text.Json.Nodes;
using SimplexActors.Actors.Cluster.Membership;
using SimplexActors.Actors.Cluster.Ownership;
using Spectre.Console;

namespace SimplexActors.Nodes.CommandLine.Cluster;

/// <summary>Shows a report to people and to programs.</summary>
internal static class ClusterReportText
{
    private const int WidthOfFiles = 160;

    /// <summary>For programs. Names of fields do not change.</summary>
    public static string JsonOf(ClusterReport report) => new JsonObject
    {
        ["healthy"] = report.Problems.Count == 0,
        ["version"] = report.Status.Version,
        ["shards"] = report.Status.ShardCount,
        ["unowned_shards"] = report.Status.UnownedShards,
        ["nodes"] = new JsonArray([.. report.Status.Nodes.Select(JsonOf)]),
        ["problems"] = new JsonArray([.. report.Problems.Select(problem => JsonValue.Create(problem))]),
        ["notices"] = new JsonArray([.. report.Notices.Select(notice => JsonValue.Create(notice))]),
    }.ToJsonString();

    /// <summary>For people, on standard output.</summary>
    public static void Print(ClusterReport report)
    {
        bool isFile = Console.IsOutputRedirected;
        IAnsiConsole output = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isFile ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isFile ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Out = new AnsiConsoleOutput(Console.Out),
        });
        if (isFile)
        {
            output.Profile.Width = WidthOfFiles;
        }

        if (!report.Status.Nodes.IsEmpty)
        {
            output.Write(TableOf(report.Status));
        }

        foreach (string problem in report.Problems)
        {
            output.WriteLine($"problem: {problem}", new Style(Color.Red));
        }

        foreach (string notice in report.Notices)
        {
            output.WriteLine($"note: {notice}", new Style(Color.Yellow));
        }

        if (report.Problems.Count == 0)
        {
            output.WriteLine($"all {report.Status.ShardCount} shards are served", new Style(Color.Green));
        }
    }

    private static Table TableOf(ClusterStatus status)
    {
        var table = new Table { Border = Console.IsOutputRedirected ? TableBorder.Ascii2 : TableBorder.Rounded };
        table.AddColumns("node", "number", "release", "state");
        table.AddColumn(new TableColumn("heartbeat, s ago").RightAligned());
        table.AddColumn(new TableColumn("shards").RightAligned());
        table.AddColumn("link");
        foreach (NodeStatus each in status.Nodes.OrderBy(each => each.Node.Name, StringComparer.Ordinal))
        {
            ClusterNode node = each.Node;
            string[] cells = [node.Name, node.Number.ToString(), node.Release, WordOf(node.State), ClusterReport.Seconds(node.SinceHeartbeat), $"{each.Shards}", ClusterReport.LinkOf(node)];
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }

        return table;
    }

    private static JsonNode JsonOf(NodeStatus each) => new JsonObject
    {
        ["name"] = each.Node.Name,
        ["number"] = each.Node.Number.Value,
        ["release"] = each.Node.Release,
        ["state"] = WordOf(each.Node.State),
        ["seconds_since_heartbeat"] = Math.Round(each.Node.SinceHeartbeat.TotalSeconds, 1),
        ["shards"] = each.Shards,
        ["link"] = ClusterReport.LinkOf(each.Node),
    };

    private static string WordOf(NodeState state) => state switch
    {
        NodeState.Live => "live",
        NodeState.Leaving => "leaving",
        _ => "gone",
    };
}
