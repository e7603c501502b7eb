namespace SimplexActors.Cluster.Network;

/// <summary>A network cannot be made or changed here; the message is one line that says why.</summary>
internal sealed class NetworkException(string message) : Exception(message);
