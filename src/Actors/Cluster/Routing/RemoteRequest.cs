namespace SimplexActors.Actors.Cluster.Routing;

/// <summary>A command of another node that this one carries out: where its answer goes.</summary>
public sealed class RemoteRequest
{
    private readonly long _number;

    internal RemoteRequest(ReturnPath path, long number)
    {
        (Path, _number) = (path, number);
    }

    /// <summary>The way back to the node.</summary>
    public ReturnPath Path { get; }

    /// <summary>Answers it; called once.</summary>
    public void Answer<T>(T value, ReturnPath.Content<T> write) => Path.Post(RoutingMessage.Answer, _number, value, write);

    internal void Taken() => Path.Post<object?>(RoutingMessage.Taken, _number, null, null);

    internal void Moved() => Path.Post<object?>(RoutingMessage.Moved, _number, null, null);
}
