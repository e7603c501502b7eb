using SimplexActors.Actors.Services;

namespace SimplexActors.Nodes.Edges.Smp.Services;

/// <summary>Awaits the answer of a service; continuations never run on the service's turn.</summary>
internal sealed class ServiceReplyTask : IServiceReply
{
    private readonly TaskCompletionSource<ServiceAnswer> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the answer.</summary>
    public Task<ServiceAnswer> Answered => _source.Task;

    /// <inheritdoc/>
    public void Answer(ServiceAnswer answer) => _source.TrySetResult(answer);
}
