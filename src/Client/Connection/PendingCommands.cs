using System.Diagnostics.CodeAnalysis;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Client.Connection;

/// <summary>The commands of one connection that wait for their answers, by correlation id.</summary>
internal sealed class PendingCommands
{
    private readonly Lock _gate = new();
    private readonly Dictionary<EntityId, PendingCommand> _waiting = [];
    private readonly Stack<PendingCommand> _unused = new();
    private SmpFailure? _end;

    /// <summary>Commands that wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Registers a command, before it is sent.</summary>
    /// <param name="correlationId">Not in use.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="deadline">When to give up.</param>
    /// <param name="pending">To be awaited exactly once.</param>
    /// <param name="failure">The connection has ended.</param>
    public bool TryAdd(
        in EntityId correlationId,
        in CommandToSend command,
        long deadline,
        [NotNullWhen(true)] out PendingCommand? pending,
        [NotNullWhen(false)] out SmpFailure? failure)
    {
        lock (_gate)
        {
            failure = _end;
            if (failure is not null)
            {
                pending = null;
                return false;
            }

            pending = _unused.TryPop(out PendingCommand? used) ? used : new PendingCommand(this);
            pending.Start(correlationId, command, deadline);
            _waiting.Add(correlationId, pending);
            return true;
        }
    }

    /// <summary>Takes a command out; the caller completes it.</summary>
    public bool TryTake(in EntityId correlationId, [NotNullWhen(true)] out PendingCommand? pending)
    {
        lock (_gate)
        {
            return _waiting.Remove(correlationId, out pending);
        }
    }

    /// <summary>Fails the commands that have waited until <paramref name="now"/>.</summary>
    public void FailOverdue(long now)
    {
        List<PendingCommand>? overdue = null;
        lock (_gate)
        {
            foreach (PendingCommand pending in _waiting.Values)
            {
                if (pending.Deadline <= now)
                {
                    (overdue ??= []).Add(pending);
                }
            }

            overdue?.ForEach(pending => _waiting.Remove(pending.CorrelationId));
        }

        overdue?.ForEach(static pending => pending.Complete(NoAnswer.Instance));
    }

    /// <summary>Fails all that wait and all that will come.</summary>
    /// <returns>False when that was done before, perhaps with another failure.</returns>
    public bool End(SmpFailure failure)
    {
        PendingCommand[] all;
        lock (_gate)
        {
            if (_end is not null)
            {
                return false;
            }

            _end = failure;
            all = [.. _waiting.Values];
            _waiting.Clear();
        }

        foreach (PendingCommand pending in all)
        {
            pending.Complete(failure);
        }

        return true;
    }

    /// <summary>Keeps a completed command for reuse.</summary>
    public void GiveBack(PendingCommand pending)
    {
        lock (_gate)
        {
            if (_unused.Count < ClientLimits.PooledCommands)
            {
                _unused.Push(pending);
            }
        }
    }
}
