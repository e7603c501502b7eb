using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Services;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Nodes.Tests.Smp.Moving;

/// <summary>Refuses that a connection leaves its service, as when the owner is out of reach for too long.</summary>
internal sealed class RefusingRegion(IEntityRegion<ServiceCommand> next) : IEntityRegion<ServiceCommand>
{
    private TaskCompletionSource? _told;
    private int _refuses;

    /// <summary>Refuses the next one.</summary>
    public void RefuseNext() => Volatile.Write(ref _refuses, 1);

    /// <summary>Completes when a service was told that a connection left it.</summary>
    public Task NextToldAsync() => (_told = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public async ValueTask TellAsync(EntityId id, ServiceCommand command, CancellationToken cancellation)
    {
        if (command is ServiceCommand.Leave { ReplyTo: { } waiting } && Interlocked.Exchange(ref _refuses, 0) == 1)
        {
            waiting.Answer(ServiceAnswer.Failed);
            return;
        }

        await next.TellAsync(id, command, cancellation);
        if (command is ServiceCommand.Leave)
        {
            Volatile.Read(ref _told)?.TrySetResult();
        }
    }
}
