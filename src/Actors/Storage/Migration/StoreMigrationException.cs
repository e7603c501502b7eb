namespace SimplexActors.Actors.Storage.Migration;

/// <summary>A store was not copied. The message is one line for the operator, without secrets.</summary>
public sealed class StoreMigrationException(string message, Exception? inner = null) : Exception(message, inner);
