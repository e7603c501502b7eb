using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Storage;
using SimplexActors.Nodes.Edges.Smp;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Nodes.Edges.Control;

/// <summary>Carries out what the operator tells queues (S-369). Blocking is done one at a time, so that the quota holds.</summary>
/// <param name="router">The queues and their store.</param>
/// <param name="quota">Of blocking.</param>
internal sealed class QueueOperator(SmpRouter router, BlockQuota quota) : IDisposable
{
    private const string NotFound = "error: AUTH";

    private readonly SemaphoreSlim _blocking = new(1);

    /// <summary>The answer to a command.</summary>
    public async Task<string> TellAsync(QueueControlCommand command, CancellationToken cancellation)
    {
        try
        {
            return command switch
            {
                BlockControlCommand block => await BlockAsync(block, cancellation),
                { Word: "unblock" } => Unblocked(await TellAsync(command.Id, reply => new QueueCommand.Unblock(reply), cancellation)),
                { Word: "delete" } => Deleted(await TellAsync(command.Id, reply => new QueueCommand.Remove(reply), cancellation)),
                _ => await TellAsync(command.Id, reply => new QueueCommand.Inspect(reply), cancellation) is { Before: { } record } ? ControlText.Of(record) : NotFound,
            };
        }
        catch (StoreUnavailableException)
        {
            return ControlCommands.StoreUnavailable;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _blocking.Dispose();

    private async Task<string> BlockAsync(BlockControlCommand command, CancellationToken cancellation)
    {
        await _blocking.WaitAsync(cancellation);
        try
        {
            if (quota.IsReached)
            {
                return $"error: reached limit of {quota.PerDay} queues blocked daily";
            }

            Outcome? outcome = await TellAsync(command.Id, reply => new QueueCommand.Block(command.Info, reply), cancellation);
            if (outcome is not { Before: { } before, After: { } after })
            {
                return NotFound;
            }

            if (before.Status is not QueueStatus.ActiveStatus)
            {
                return $"ok, already inactive: {ControlText.Of(after.Status)}";
            }

            quota.Count();
            return $"ok, queue blocked: {ControlText.Of(after.Status)}";
        }
        finally
        {
            _blocking.Release();
        }
    }

    private static string Unblocked(Outcome? outcome) => outcome?.Before?.Status switch
    {
        null => NotFound,
        QueueStatus.Blocked blocked => $"ok, queue unblocked, reason to block was: {ControlText.Of(blocked.Info)}",
        QueueStatus.OffStatus => "error, queue is inactive",
        _ => "ok, queue was active",
    };

    private static string Deleted(Outcome? outcome) =>
        outcome is { Before: not null } ? $"ok, {outcome.Messages} messages deleted" : NotFound;

    /// <summary>Finds the queue by its sender id, then by the id of its link, and tells it.</summary>
    private async Task<Outcome?> TellAsync(EntityId id, Func<IOperatorReply, QueueCommand> command, CancellationToken cancellation)
    {
        EntityId? recipientId = await router.Store.ResolveAsync(QueueAlias.Sender, id, cancellation)
            ?? await router.Store.ResolveAsync(QueueAlias.Link, id, cancellation);
        if (recipientId is not { } found)
        {
            return null;
        }

        var reply = new Reply();
        await router.Queues.TellAsync(found, command(reply), cancellation);
        return await reply.Task.WaitAsync(cancellation);
    }

    private sealed record Outcome(QueueRecord? Before, QueueRecord? After, int Messages);

    private sealed class Reply() : TaskCompletionSource<Outcome>(TaskCreationOptions.RunContinuationsAsynchronously), IOperatorReply
    {
        public void Done(QueueRecord? before, QueueRecord? after, int messages) => SetResult(new Outcome(before, after, messages));

        public void Failed() => SetException(new StoreUnavailableException("The queue's store cannot be used now."));
    }
}
