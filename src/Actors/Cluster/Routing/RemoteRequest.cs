namespace SimplexActors.Actors.Cluster.Routing;

/// <summary>A command of another node that this one carries out: where its answer goes.</summary>
public sealed class RemoteRequest
{
    private readonly long _number;
    private readonly int _shard;

    internal RemoteRequest(ReturnPath path, long number, int shard)
    {
        (Path, _number, _shard) = (path, number, shard);
    }

    /// <summary>The way back to the node.</summary>
    public ReturnPath Path { get; }

    /// <summary>Answers it; called once.</summary>
    public void Answer<T>(T value, ReturnPath.Content<T> write) => Path.Post(RoutingMessage.Answer, _number, value, write);

    internal void Taken() => Path.Post<object?>(RoutingMessage.Taken, _number, null, null);

    internal void Moved() => Path.Moved(_number, _shard);
}
