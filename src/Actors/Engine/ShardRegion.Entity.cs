using System.Collections.Immutable;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Engine;

public sealed partial class ShardRegion<TState, TRow, TCommand, TChange, TEffect>
{
    private enum Phase : byte
    {
        /// <summary>Serves commands.</summary>
        Live,

        /// <summary>Being read from the store; commands are parked.</summary>
        Loading,

        /// <summary>Its logic threw while decisions are with the writer; unloaded when they are done, commands are parked.</summary>
        Leaving,

        /// <summary>A write failed; decisions come back from the writer, commands are parked.</summary>
        Recovering,
    }

    private enum SignalKind : byte
    {
        /// <summary>A <see cref="Parking"/> was read.</summary>
        Loaded,

        /// <summary>A <see cref="PendingDecision"/> came back from the writer.</summary>
        Returned,

        /// <summary>The writer has room again.</summary>
        Room,

        /// <summary>Passivate what is idle.</summary>
        Sweep,

        /// <summary>Complete a <see cref="TaskCompletionSource"/> when nothing is parked.</summary>
        Drain,

        /// <summary>Look at everything in memory for an <see cref="ISurvey"/>.</summary>
        Survey,

        /// <summary>Take commands under a new range id.</summary>
        Open,

        /// <summary>Decide again.</summary>
        Resume,

        /// <summary>Decide nothing more; complete a <see cref="TaskCompletionSource"/> when everything undecided was handed back.</summary>
        Halt,

        /// <summary>Let go of everything in memory and complete a <see cref="TaskCompletionSource"/>.</summary>
        Forget,

        /// <summary>Refuse every later command.</summary>
        Stop,

        /// <summary>Show all entities to a <see cref="Visit"/>.</summary>
        Visit,
    }

    /// <summary>Something that happened to a shard besides commands.</summary>
    private readonly record struct Signal(SignalKind Kind, object? Subject);

    /// <summary>A command in the inbox; without a command, the place of a signal that must not overtake commands.</summary>
    private readonly record struct Envelope(EntityId Id, TCommand? Command);

    /// <summary>A command that is to be served, or refused when its turn comes.</summary>
    /// <param name="Command">The command.</param>
    /// <param name="Refusal">Why it is to be refused; null when it is to be served.</param>
    /// <param name="IsAnnounced">The sender was already told <c>Decided</c>.</param>
    private readonly record struct Item(TCommand Command, Refusal? Refusal = null, bool IsAnnounced = false);

    /// <summary>
    /// One incarnation of an entity: from its loading to its passivation or to a failure. An entity that is passive
    /// has none; the shard's dictionary holds its residue itself, so that it costs no object of the engine.
    /// </summary>
    private sealed class Entity(EntityId id) : WriteOwner
    {
        public EntityId Id { get; } = id;

        public TState? State { get; set; }

        /// <summary>Present while commands are parked.</summary>
        public Parking? Parking { get; set; }

        /// <summary>Number of the last decision that went to the writer; 0 for none.</summary>
        public long LastSubmitted { get; set; }

        /// <summary>Place in the shard's list of loaded entities; -1 when it is not there.</summary>
        public int LoadedIndex { get; set; } = -1;

        public Phase Phase { get; set; }

        /// <summary>Used since the clock hand or the sweep last passed.</summary>
        public bool IsUsed { get; set; }
    }

    /// <summary>What waits for an entity, and how it comes back.</summary>
    private sealed class Parking(Shard shard, Entity entity, object? residue) : ILoadRequest<TRow>
    {
        public Entity Entity { get; set; } = entity;

        public EntityId EntityId => Entity.Id;

        /// <summary>What stayed in memory of the entity.</summary>
        public object? Residue { get; set; } = residue;

        /// <summary>Commands that came back from the writer and are served or refused after the entity was read.</summary>
        public List<Item> Returned { get; } = [];

        /// <summary>Commands that arrived meanwhile.</summary>
        public List<Item> Items { get; set; } = [];

        /// <summary>A commit failed: the entity is told <c>Recovery</c> before anything else.</summary>
        public bool IsRecovery { get; set; }

        /// <summary>The outcome of a commit is unknown: nothing is answered before the entity was read.</summary>
        public bool MustReadFirst { get; set; }

        /// <summary>The recovery itself could not be stored: pause before the next attempt.</summary>
        public bool MustPause { get; set; }

        /// <summary>The shard let go of the entity: what was read is not looked at.</summary>
        public bool IsAbandoned { get; set; }

        /// <summary>What wants to see the entity when the commands parked so far were served.</summary>
        public List<Visit>? Visits { get; set; }

        public TRow? Row { get; private set; }

        public Exception? Error { get; private set; }

        public void Complete(TRow? row, Exception? error)
        {
            (Row, Error) = (row, error);
            shard.Post(new Signal(SignalKind.Loaded, this));
        }
    }

    /// <summary>A decision that waits for the writer.</summary>
    private sealed class PendingDecision(Shard shard, Entity entity, long number) : PendingWrite<TChange>
    {
        public Entity Entity => entity;

        public long Number => number;

        public required TCommand Command { get; init; }

        /// <summary>Under which the shard was open.</summary>
        public required long RangeId { get; init; }

        /// <summary>The state before the decision.</summary>
        public required TState? Before { get; init; }

        public required ImmutableArray<TEffect> Effects { get; init; }

        public ImmutableArray<TEffect> OnConflict { get; init; } = [];

        /// <summary>The shard waits for it even when all went well.</summary>
        public bool MustReturn { get; init; }

        /// <summary>Null when all went well.</summary>
        public WriteRejection? Rejection { get; private set; }

        public override WriteOwner Owner => entity;

        public override EntityId EntityId => entity.Id;

        public override ShardClaim Claim => new(shard.Number, RangeId);

        public override bool MayPerform => Changes.Length > 0 || shard.Region.HasLease;

        public override bool MayConflict => !OnConflict.IsDefaultOrEmpty;

        public override void Perform() => shard.Region.PerformAll(entity.Id, Effects);

        public override void Publish()
        {
            shard.PublishPerformed(number);
            if (MustReturn)
            {
                shard.Post(new Signal(SignalKind.Returned, this));
            }
        }

        public override void Reject(WriteRejection reason)
        {
            Rejection = reason;
            shard.Post(new Signal(SignalKind.Returned, this));
        }
    }
}
