namespace SimplexActors.Actors.Storage.Postgres;

/// <summary>How the sessions of nodes are called in the database (<c>application_name</c>), so that everybody sees whose they are.</summary>
internal static class SessionNames
{
    /// <summary>Sessions that store and read.</summary>
    public const string Store = "simplex-router";

    /// <summary>Sessions for membership and ownership.</summary>
    public const string Cluster = "simplex-router cluster";

    /// <summary>The server cuts a longer name.</summary>
    public const int MaxLength = 63;

    /// <summary>The name of a node's sessions; of sessions that belong to no node when <paramref name="node"/> is empty.</summary>
    public static string Of(string kind, string node) => node.Length == 0 ? kind : $"{kind} {node}";
}
