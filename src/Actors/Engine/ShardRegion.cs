using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Engine;

/// <summary>
/// All entities of one kind. An id's hash chooses one of a fixed number of shards; each shard is a
/// single-threaded executor of its entities. Whoever tells an entity something never knows whether it is in
/// memory, nor when its changes are stored: answers come as effects.
/// </summary>
/// <remarks>
/// <para>
/// The way of a command: it enters the inbox of its shard (bounded; <see cref="TryTell"/> says no when it is full)
/// and is decided in the shard's next turn, which runs on the thread pool or, when the shard is idle, on the
/// caller's thread. The new state applies at once. Changes go to the <see cref="GroupCommitWriter{TRow, TChange}"/>,
/// which performs the effects after the commit. Effects of a decision without changes are performed within the
/// turn, unless earlier decisions of the same entity are still with the writer: then they pass through it too. So
/// the effects of one entity are performed in the order of its decisions, and none before its changes are durable.
/// </para>
/// <para>
/// How a shard knows what is still with the writer: it numbers what it submits, an entity remembers its last
/// number, and the writer publishes the number up to which it has performed. No message comes back for success.
/// </para>
/// <para>
/// When a set was not stored, the writer poisons the incarnation of the entity: nothing that it decided later
/// reaches the store. All of it comes back to the shard, in order, and is refused; commands that arrive meanwhile
/// are parked. Then a new incarnation is read from the store, told
/// <see cref="IEntityKind{TState, TRow, TCommand, TChange, TEffect}.Recovery"/> and serves what was parked. What
/// lives in memory only (the residue) is that of the state before the first decision that failed, and commands
/// that concern only the residue are applied to it, not lost. If the outcome of the commit is unknown, even the
/// refusals wait until the store has been read.
/// </para>
/// </remarks>
/// <typeparam name="TState">State in memory.</typeparam>
/// <typeparam name="TRow">What the store loads for one entity.</typeparam>
/// <typeparam name="TCommand">Everything an entity can be told.</typeparam>
/// <typeparam name="TChange">One change of the store.</typeparam>
/// <typeparam name="TEffect">One thing to do after the commit.</typeparam>
public sealed partial class ShardRegion<TState, TRow, TCommand, TChange, TEffect> : IEntityRegion<TCommand>, IOwnedEntities<TCommand>, IDisposable
    where TState : class
    where TRow : class
    where TCommand : class
{
    private readonly IEntityKind<TState, TRow, TCommand, TChange, TEffect> _kind;
    private readonly GroupCommitWriter<TRow, TChange> _writer;
    private readonly EntityLoader<TRow, TChange> _loader;
    private readonly IEffectPerformer<TEffect> _performer;
    private readonly ShardRegionOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LogThrottle _throttle;
    private readonly Action<EntityId, TCommand>? _returned;
    private readonly Shard[] _shards;
    private readonly ITimer _sweep;
    private long _faults;
    private volatile bool _isStopping;

    /// <summary>Makes a region; it is ready at once.</summary>
    /// <param name="kind">The entities' logic.</param>
    /// <param name="store">Where entities are loaded from.</param>
    /// <param name="writer">The writer of the same store; it may serve several regions and is not stopped by this one.</param>
    /// <param name="performer">Performs the effects.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="time">The router's time.</param>
    /// <param name="logger">For faults.</param>
    /// <param name="returned">
    /// Handed what a shard that closes has not decided, in the order in which it was told. Called on the shard's turn, or
    /// by <see cref="TellAsync"/> on its caller's thread; must return at once. Null when no shard closes before the region
    /// stops: then what it would be handed is refused.
    /// </param>
    public ShardRegion(
        IEntityKind<TState, TRow, TCommand, TChange, TEffect> kind,
        IEntityStore<TRow, TChange> store,
        GroupCommitWriter<TRow, TChange> writer,
        IEffectPerformer<TEffect> performer,
        ShardRegionOptions options,
        TimeProvider time,
        ILogger logger,
        Action<EntityId, TCommand>? returned = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Shards);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.InboxCommandsPerShard);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.ParkedCommandsPerShard);
        ArgumentOutOfRangeException.ThrowIfNegative(options.LoadedEntities);
        (_kind, _writer, _performer, _options, _time, _logger) = (kind, writer, performer, options, time, logger);
        _returned = returned;
        _throttle = new LogThrottle(time, Limits.FaultLogInterval);
        _loader = new EntityLoader<TRow, TChange>(store, time, logger);
        _shards = new Shard[options.Shards];
        for (int i = 0; i < _shards.Length; i++)
        {
            _shards[i] = new Shard(this, i);
        }

        _sweep = time.CreateTimer(
            static self => ((ShardRegion<TState, TRow, TCommand, TChange, TEffect>)self!).PassivateIdle(),
            this,
            options.IdleSweepInterval,
            options.IdleSweepInterval);
    }

    /// <summary>What the region holds and did so far.</summary>
    public RegionMetrics Metrics
    {
        get
        {
            RegionMetrics sum = default;
            foreach (Shard shard in _shards)
            {
                shard.AddTo(ref sum);
            }

            return sum with { Faults = Interlocked.Read(ref _faults) };
        }
    }

    /// <summary>
    /// Tells an entity something. <c>Decided</c> and effects may run on the caller's thread before this returns.
    /// While the region stops, the command is answered with <see cref="Refusal.Stopping"/>.
    /// </summary>
    public TellResult TryTell(in EntityId id, TCommand command) => ShardOf(id).TryTell(id, command);

    /// <summary>As <see cref="TryTell"/>, and waits while the inbox is full; callers are served in the order in which they came.</summary>
    /// <returns>True when the inbox took the command; false when its shard is not open here: nothing will happen.</returns>
    /// <exception cref="OperationCanceledException">Cancelled while it waited; the command was not taken.</exception>
    public ValueTask<bool> TellHereAsync(EntityId id, TCommand command, CancellationToken cancellation) =>
        ShardOf(id).TellAsync(id, command, cancellation);

    /// <summary>As <see cref="TellHereAsync"/>; what is told to a shard that is not open is handed back like what it had not decided.</summary>
    /// <returns>Completes when the inbox took the command or it was handed back, not when it was decided.</returns>
    /// <exception cref="OperationCanceledException">Cancelled while it waited; the command was not taken.</exception>
    public ValueTask TellAsync(EntityId id, TCommand command, CancellationToken cancellation)
    {
        ValueTask<bool> told = ShardOf(id).TellAsync(id, command, cancellation);
        if (told is { IsCompletedSuccessfully: true, Result: true })
        {
            return default;
        }

        return AwaitAsync(told, id, command);

        async ValueTask AwaitAsync(ValueTask<bool> told, EntityId id, TCommand command)
        {
            if (!await told)
            {
                HandBack(id, command);
            }
        }
    }

    /// <summary>
    /// Entities that were not used since the last call leave memory, except for their residue. Called by the
    /// region's own timer; an operator may call it at any time.
    /// </summary>
    public void PassivateIdle()
    {
        foreach (Shard shard in _shards)
        {
            shard.Post(new Signal(SignalKind.Sweep, null));
        }
    }

    /// <summary>
    /// Stops the region: what its inboxes hold is still decided, later commands are refused, and everything decided
    /// is committed and its effects performed when the task completes. An entity that cannot be read then is refused.
    /// </summary>
    public async Task StopAsync()
    {
        if (!_isStopping)
        {
            foreach (Shard shard in _shards)
            {
                shard.Stop();
            }
        }

        _isStopping = true;
        await _sweep.DisposeAsync();
        _loader.StopPausing();

        // A commit that fails brings decisions back to their shards, which may decide once more about parked commands.
        bool settled;
        do
        {
            await Task.WhenAll(_shards.Select(shard => shard.DrainAsync()));
            long before = _shards.Sum(shard => shard.Submitted);
            await _writer.FlushAsync();
            await Task.WhenAll(_shards.Select(shard => shard.DrainAsync()));
            settled = before == _shards.Sum(shard => shard.Submitted);
        }
        while (!settled);
    }

    /// <summary>Ends the region's timer; call <see cref="StopAsync"/> first.</summary>
    public void Dispose() => _sweep.Dispose();

    private Shard ShardOf(in EntityId id) => _shards[Sharding.ShardOf(id, _shards.Length)];

    private void PerformAll(in EntityId entityId, ImmutableArray<TEffect> effects)
    {
        if (effects.IsDefaultOrEmpty)
        {
            return;
        }

        foreach (TEffect effect in effects)
        {
            try
            {
                _performer.Perform(entityId, effect);
            }
            catch (Exception fault)
            {
                Interlocked.Increment(ref _faults);
                if (_throttle.TryEnter(out long suppressed))
                {
                    EngineLog.EffectFault(_logger, fault, effect?.GetType().Name ?? "null", suppressed);
                }
            }
        }
    }

    private void ReportFault(Exception fault, TCommand command)
    {
        Interlocked.Increment(ref _faults);
        if (_throttle.TryEnter(out long suppressed))
        {
            EngineLog.EntityFault(_logger, fault, _kind.GetType().Name, command.GetType().Name, suppressed);
        }
    }

    private void ReportFault(Exception fault, string method)
    {
        Interlocked.Increment(ref _faults);
        if (_throttle.TryEnter(out long suppressed))
        {
            EngineLog.KindFault(_logger, fault, _kind.GetType().Name, method, suppressed);
        }
    }
}
