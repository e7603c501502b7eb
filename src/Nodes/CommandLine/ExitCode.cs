namespace SimplexActors.Nodes.CommandLine;

/// <summary>Exit codes of the program. A second signal ends it with 130 (SIGINT) or 143 (SIGTERM).</summary>
internal static class ExitCode
{
    /// <summary>Done, or stopped gracefully.</summary>
    public const int Success = 0;

    /// <summary>Not done; standard error says why in one line per problem.</summary>
    public const int Failure = 1;
}
