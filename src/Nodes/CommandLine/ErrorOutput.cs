using Spectre.Console;

namespace SimplexActors.Nodes.CommandLine;

/// <summary>What the commands tell people on standard error: one line each, coloured on a terminal.</summary>
internal static class ErrorOutput
{
    /// <summary>Something that the user should do.</summary>
    public static void Warn(string text) => Write(text, Color.Yellow);

    /// <summary>Why the command was not done.</summary>
    public static void Fail(string problem) => Write($"simplex-router: {problem.ReplaceLineEndings(" ")}", Color.Red);

    private static void Write(string text, Color color)
    {
        if (Console.IsErrorRedirected)
        {
            Console.Error.WriteLine(text);
            return;
        }

        IAnsiConsole terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        terminal.WriteLine(text, new Style(color));
    }
}
