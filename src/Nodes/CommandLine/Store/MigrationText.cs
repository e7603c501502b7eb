using System.Globalization;
using SimplexActors.Actors.Storage.Migration;
using Spectre.Console;

namespace SimplexActors.Nodes.CommandLine.Store;

/// <summary>Shows people how far a copy is and what it did.</summary>
internal static class MigrationText
{
    private const int WidthOfFiles = 160;
    private const int ShownOfHash = 16;

    /// <summary>Runs with a bar per table on a terminal (standard error), and in silence elsewhere.</summary>
    public static async Task<T> WithProgressAsync<T>(Func<IProgress<MigrationProgress>, Task<T>> run)
    {
        if (Console.IsErrorRedirected)
        {
            return await run(new Silence());
        }

        IAnsiConsole terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await terminal.Progress().StartAsync(context => run(new Bars(context)));
    }

    /// <summary>The summary, on standard output.</summary>
    public static void Print(MigrationReport report, string node)
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

        var table = new Table { Border = isFile ? TableBorder.Ascii2 : TableBorder.Rounded };
        table.AddColumn("table");
        table.AddColumn(new TableColumn("rows").RightAligned());
        table.AddColumn(new TableColumn("damaged, left out").RightAligned());
        table.AddColumn("hash, the same on both sides");
        foreach (MigratedTable each in report.Tables)
        {
            table.AddRow(each.Name, Number(each.Rows), Number(each.LeftOut), each.Hash[..ShownOfHash]);
        }

        output.Write(table);
        output.WriteLine($"complete: nodes may start on the database; {node} goes on with the statistics");
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed class Silence : IProgress<MigrationProgress>
    {
        public void Report(MigrationProgress value)
        {
        }
    }

    private sealed class Bars(ProgressContext context) : IProgress<MigrationProgress>
    {
        private readonly Dictionary<(string, MigrationStep), ProgressTask> _tasks = [];

        public void Report(MigrationProgress value)
        {
            if (!_tasks.TryGetValue((value.Table, value.Step), out ProgressTask? task))
            {
                string verb = value.Step is MigrationStep.Copy ? "copy" : "compare";
                task = context.AddTask($"{verb} {value.Table}", maxValue: Math.Max(1, value.Total));
                _tasks[(value.Table, value.Step)] = task;
            }

            task.Value = value.Total == 0 ? 1 : value.Rows;
        }
    }
}
