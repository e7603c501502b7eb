using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SimplexActors.Nodes.LocalCluster;

/// <summary>Tells a person: lines, and below them a table that shows the cluster as it is.</summary>
internal sealed class TerminalDisplay : IClusterDisplay, IDisposable
{
    private readonly IAnsiConsole _console;
    private readonly List<Text> _problems = [];
    private LiveDisplayContext? _table;

    /// <summary>On this terminal. When it is disposed of, or the program ends, the cursor is visible.</summary>
    public TerminalDisplay(IAnsiConsole console)
    {
        _console = console;
        AppDomain.CurrentDomain.ProcessExit += ShowCursor;
    }

    /// <inheritdoc/>
    public void Starting(LocalClusterOptions options) =>
        _console.WriteLine($"Starting PostgreSQL and {string.Join(", ", options.Names)}; everything is kept in {options.Folder}");

    /// <inheritdoc/>
    public void Ready(NodeProcess node) => _console.WriteLine($"{node.Name} serves clients", new Style(Color.Green));

    /// <inheritdoc/>
    public void Ended(NodeProcess node, string how) => Problem($"{node.Name} (process {node.Id}) {how}");

    /// <inheritdoc/>
    public void DatabaseEnded(string lastLogLine) => Problem($"PostgreSQL ended; the last line of its log: {lastLogLine}");

    /// <inheritdoc/>
    public Task WatchAsync(Func<Task> watch) => _console.Live(new Text("")).StartAsync(async context =>
    {
        _table = context;
        await watch();
        _table = null;
    });

    /// <inheritdoc/>
    public void Show(ClusterLook look) => _table?.UpdateTarget(new Rows([.. _problems, TableOf(look)]));

    /// <inheritdoc/>
    public void Stopping(string why) => _console.WriteLine($"{why}: stopping all nodes and PostgreSQL; Ctrl-C kills them");

    /// <inheritdoc/>
    public void Killed(string node) => _console.WriteLine($"{node} did not stop in time and was killed", new Style(Color.Yellow));

    /// <inheritdoc/>
    public void Stopped() => _console.WriteLine("Stopped; the next start continues with what is there");

    /// <inheritdoc/>
    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= ShowCursor;
        _console.Cursor.Show();
    }

    /// <summary>The table of a look.</summary>
    internal static IRenderable TableOf(ClusterLook look)
    {
        var table = new Table { Border = TableBorder.Rounded, Caption = new TableTitle(Markup.Escape($"{look.Shards}; Ctrl-C stops everything")) };
        table.AddColumn("node");
        table.AddColumn(new TableColumn("port").RightAligned());
        table.AddColumn(new TableColumn("process").RightAligned());
        table.AddColumn("state");
        table.AddColumn(new TableColumn("shards").RightAligned());
        table.AddColumn(new TableColumn("heartbeat, s ago").RightAligned());
        foreach (NodeLook node in look.Nodes)
        {
            Color color = node.State switch { NodeLook.Serving => Color.Green, "ended" or "silent" => Color.Red, _ => Color.Yellow };
            table.AddRow(
                new Text(node.Name),
                new Text(node.Port == 0 ? "" : node.Port.ToString(CultureInfo.InvariantCulture)),
                new Text(node.ProcessId.ToString(CultureInfo.InvariantCulture)),
                new Text(node.State, new Style(color)),
                new Text(node.Shards?.ToString(CultureInfo.InvariantCulture) ?? ""),
                new Text(node.SinceHeartbeat?.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) ?? ""));
        }

        return table;
    }

    // Beside the table nothing may be written: it is drawn over. A problem stays above it, as a part of it.
    private void Problem(string text)
    {
        var line = new Text(text, new Style(Color.Red));
        if (_table is null)
        {
            _console.Write(new Rows(line));
        }
        else
        {
            _problems.Add(line);
        }
    }

    private void ShowCursor(object? sender, EventArgs ended) => _console.Cursor.Show();
}
