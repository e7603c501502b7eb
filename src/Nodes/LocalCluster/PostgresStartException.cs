namespace SimplexActors.Nodes.LocalCluster;

/// <summary>A PostgreSQL of our own could not be started. The message is one line that an operator can act upon.</summary>
public sealed class PostgresStartException(string message, Exception? inner = null) : Exception(message, inner);
