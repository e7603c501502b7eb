using System.Threading.Tasks.Sources;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Client.Connection;

/// <summary>
/// A command that waits for its answer; reused, so that a command costs neither a task nor a timer. Whoever takes
/// it out of <see cref="PendingCommands"/> - answer, time-out, cancellation or the end of the connection -
/// completes it, once; the awaiting caller then gives it back.
/// </summary>
internal sealed class PendingCommand : IValueTaskSource<SmpResult<SmpResponse>>
{
    private readonly PendingCommands _owner;
    private ManualResetValueTaskSourceCore<SmpResult<SmpResponse>> _core = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _cancellation;

    internal PendingCommand(PendingCommands owner) => _owner = owner;

    public EntityId CorrelationId { get; private set; }

    /// <summary>What the command is about; its answer names the same.</summary>
    public EntityId Entity { get; private set; }

    public SmpCommandTag Tag { get; private set; }

    /// <summary>The queue or notifier that events are reported with, or the <see cref="QueueInCreation"/>; often null.</summary>
    public object? Handle { get; private set; }

    /// <summary>When the command has waited long enough, as a timestamp of the client's clock.</summary>
    public long Deadline { get; private set; }

    public ValueTask<SmpResult<SmpResponse>> Answer => new(this, _core.Version);

    public void Start(in EntityId correlationId, in CommandToSend command, long deadline)
    {
        CorrelationId = correlationId;
        Entity = command.Entity;
        Tag = command.Command.Tag;
        Handle = command.Handle;
        Deadline = deadline;
    }

    /// <summary>Cancels the wait with <paramref name="token"/>. Called before the caller awaits.</summary>
    public void CancelWith(CancellationToken token) =>
        _cancellation = token.UnsafeRegister(static (state, token) => ((PendingCommand)state!).Cancel(token), this);

    public void Complete(in SmpResult<SmpResponse> result) => _core.SetResult(result);

    public SmpResult<SmpResponse> GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            // Waits for a cancellation that is running, so that none can meet the next command.
            _cancellation.Dispose();
            _cancellation = default;
            Handle = null;
            _core.Reset();
            _owner.GiveBack(this);
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Cancel(CancellationToken token)
    {
        if (_owner.TryTake(CorrelationId, out PendingCommand? taken))
        {
            taken._core.SetException(new OperationCanceledException(token));
        }
    }
}

/// <summary>A command with what the client needs to send it and to understand its answer.</summary>
/// <param name="Command">What to ask.</param>
/// <param name="Entity">About what; may be empty.</param>
/// <param name="Key">Authorises the command; null for none.</param>
/// <param name="Handle">See <see cref="PendingCommand.Handle"/>.</param>
/// <param name="CorrelationId">Chosen by the caller; null for a fresh one.</param>
/// <param name="Timeout">Limit of waiting; null: <see cref="SmpClientOptions.ResponseTimeout"/>.</param>
internal readonly record struct CommandToSend(
    SmpCommand Command,
    EntityId Entity,
    PrivateKey? Key = null,
    object? Handle = null,
    EntityId? CorrelationId = null,
    TimeSpan? Timeout = null);
