namespace SimplexActors.Actors.Engine;

/// <summary>What became of a command that somebody wanted to tell an entity.</summary>
public enum TellResult : byte
{
    /// <summary>Its shard took it: it is decided, refused or handed back, in its turn.</summary>
    Taken = 1,

    /// <summary>Its shard's inbox is full; nothing will happen.</summary>
    Full = 2,

    /// <summary>Its shard is not open here; nothing will happen. Whatever was told to the shard before was decided or handed back.</summary>
    NotHere = 3,
}
