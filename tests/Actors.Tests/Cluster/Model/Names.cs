namespace SimplexActors.Actors.Tests.Cluster.Model;

/// <summary>What the steps of the two processes are called in a counterexample.</summary>
internal static class Names
{
    public static string[] Starts { get; } = Both("starts");

    public static string[] Asks { get; } = Both("asks, and the database answers");

    public static string[] AsksLate { get; } = Both("asks, and gives up before the database has it");

    public static string[] Executed { get; } = Both("is answered what it asked then");

    public static string[] Unheard { get; } = Both("asks, the database answers, and the answer is lost");

    public static string[] ExecutedUnheard { get; } = Both("is answered what it asked then, and the answer is lost");

    public static string[] Answered { get; } = Both("has the answer");

    public static string[] Closed { get; } = Both("has closed a shard");

    public static string[] Dies { get; } = Both("dies");

    public static string[] DiesLate { get; } = Both("dies, its question goes on");

    public static string[] GivesUp { get; } = Both("gives up");

    public static string[] GivesUpLate { get; } = Both("gives up, its question goes on");

    private static string[] Both(string what) => [$"node 0 {what}", $"node 1 {what}"];
}
