namespace SimplexActors.Nodes.Hosting;

/// <summary>The router cannot start for a reason that the operator can remove. The message is one line without secrets.</summary>
internal sealed class StartException(string message, Exception? inner = null) : Exception(message, inner);
