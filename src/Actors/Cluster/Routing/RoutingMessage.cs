namespace SimplexActors.Actors.Cluster.Routing;

/// <summary>
/// What two nodes say to each other about the entities of one kind. From who asks to the owner, on the stream of the shard:
/// <code>
/// Tell   number(8) Bool(fresh) entityId(short) command
/// </code>
/// and back, all on one stream so that answers and events keep their order, exactly one of the first three per Tell:
/// <code>
/// Answer number(8) answer            to a command that is answered
/// Taken  number(8)                   a command that is not answered
/// Moved  number(8)                   not carried out: this node does not own the shard
/// Event  connection(8) event         for a connection of the node that asked
/// </code>
/// After a Moved the owner carries out nothing more for the shard until a fresh Tell: one that was sent when everything
/// before it was settled. Otherwise what was sent before the Moved arrived could overtake what it is about.
/// </summary>
internal enum RoutingMessage : byte
{
    /// <summary>A command.</summary>
    Tell = 1,

    /// <summary>Its answer.</summary>
    Answer = 2,

    /// <summary>It will be carried out and not answered.</summary>
    Taken = 3,

    /// <summary>It was not carried out.</summary>
    Moved = 4,

    /// <summary>For a connection.</summary>
    Event = 5,
}

/// <summary>Stream numbers: the kind of entity and the shard.</summary>
internal static class RoutingStream
{
    /// <summary>Bits that a shard takes in a stream and in the number of a request.</summary>
    public const int ShardBits = 16;

    private const int BackShard = (1 << ShardBits) - 1;

    /// <summary>Commands for entities of a shard.</summary>
    public static int Of(byte kind, int shard) => (kind << ShardBits) | shard;

    /// <summary>Answers and events.</summary>
    public static int Back(byte kind) => (kind << ShardBits) | BackShard;

    /// <summary>The kind of entities that a stream is for.</summary>
    public static byte KindOf(int stream) => (byte)(stream >> ShardBits);

    /// <summary>The shard that a stream is for.</summary>
    public static int ShardOf(int stream) => stream & BackShard;
}

