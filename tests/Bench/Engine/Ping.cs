using System.Collections.Immutable;
using SimplexActors.Actors.Engine;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Bench.Engine;

/// <summary>A command that costs its entity nothing, so that what is measured is the engine.</summary>
internal sealed class Ping
{
    /// <summary>Answered without storing.</summary>
    public static readonly Ping Volatile = new();

    /// <summary>Stores one change.</summary>
    public static readonly Ping Stored = new();

    /// <summary>Makes the entity.</summary>
    public static readonly Ping Create = new();
}

/// <summary>The state of an entity that is pinged.</summary>
internal sealed class PingState
{
    public static readonly PingState Instance = new();
}

/// <summary>An entity that answers with one effect.</summary>
internal sealed class PingKind : IEntityKind<PingState, PingState, Ping, int, int>
{
    private static readonly ImmutableArray<int> One = [1];

    /// <summary>Every entity keeps this in memory.</summary>
    public object? Kept { get; init; }

    public Ping Recovery => Ping.Volatile;

    public Decision<PingState, int, int> Decide(in EntityId id, PingState? state, Ping command, DateTimeOffset now) =>
        new(PingState.Instance, ReferenceEquals(command, Ping.Stored) ? One : [], One, []);

    public bool CreatesEntity(Ping command) => ReferenceEquals(command, Ping.Create);

    public PingState? Activate(in EntityId id, PingState? row, object? residue) => PingState.Instance;

    public object? Residue(PingState state) => Kept;

    public bool TryDecideResidue(in EntityId id, object? residue, Ping command, out object? rest, out ImmutableArray<int> effects)
    {
        (rest, effects) = (residue, []);
        return false;
    }

    public ImmutableArray<int> Refuse(in EntityId id, Ping command, Refusal refusal) => One;

    public void Decided(Ping command, ImmutableArray<int> effects)
    {
    }
}

/// <summary>A store that costs nothing.</summary>
internal sealed class NullStore : IEntityStore<PingState, int>
{
    public ValueTask<IReadOnlyList<PingState?>> LoadAsync(IReadOnlyList<EntityId> ids, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<PingState?>>(new PingState?[ids.Count]);

    public ValueTask<CommitResult> CommitAsync(IReadOnlyList<WriteSet<int>> sets, CancellationToken cancellation) =>
        ValueTask.FromResult(CommitResult.Committed);
}
