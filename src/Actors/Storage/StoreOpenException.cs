namespace SimplexActors.Actors.Storage;

/// <summary>A store could not be opened. The message is one line that an operator can act upon.</summary>
public sealed class StoreOpenException(string message, Exception? inner = null) : Exception(message, inner);
