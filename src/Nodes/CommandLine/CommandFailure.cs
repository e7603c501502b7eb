namespace SimplexActors.Nodes.CommandLine;

/// <summary>A command cannot do what was asked. The message is one line for the user, without secrets.</summary>
internal sealed class CommandFailure(string message, Exception? inner = null) : Exception(message, inner);
