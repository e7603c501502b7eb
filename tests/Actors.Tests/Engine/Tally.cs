using System.Collections.Immutable;
using SimplexActors.Actors.Engine;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Tests.Engine;

/// <summary>What a tally can be told. The ticket is unique and comes back with the answer.</summary>
public abstract record Order(int Ticket)
{
    public sealed record Create(int Ticket) : Order(Ticket);

    /// <summary>Counts one more.</summary>
    public sealed record Add(int Ticket) : Order(Ticket);

    /// <summary>Counts one more, if the store finds nothing that is taken.</summary>
    public sealed record Claim(int Ticket) : Order(Ticket);

    /// <summary>Asks for the count and the subscriber.</summary>
    public sealed record Look(int Ticket) : Order(Ticket);

    /// <summary>Changes only what is in memory.</summary>
    public sealed record Subscribe(int Ticket, int Who) : Order(Ticket);

    /// <summary>A connection is gone; not answered.</summary>
    public sealed record End(int Who) : Order(-1);

    /// <summary>The logic throws.</summary>
    public sealed record Boom(int Ticket) : Order(Ticket);

    public sealed record Recover() : Order(-2);
}

/// <summary>Stored state and subscriber (0 for none) of an entity.</summary>
public sealed record Tally(long Count, int Subscriber);

public sealed record TallyRow(long Count);

/// <summary>Counts one more; the store checks that this is the next count.</summary>
public sealed record TallyChange(long Count, int Ticket);

/// <summary>An answer: <c>ok</c>, <c>none</c>, <c>taken</c>, the name of a refusal, or <c>recovered</c>.</summary>
public sealed record Answer(EntityId Id, int Ticket, string What, long Count = 0, int Subscriber = 0);

/// <summary>A subscriber that is kept when the entity is passive.</summary>
public sealed record TallyResidue(int Subscriber);

/// <summary>A kind of entity that shows what the engine does with it.</summary>
public sealed class TallyKind : IEntityKind<Tally, TallyRow, Order, TallyChange, Answer>
{
    private static readonly Order.Recover TheRecovery = new();

    /// <summary>Hears what <see cref="Decided"/> is called with.</summary>
    public Action<Order, ImmutableArray<Answer>>? OnDecided { get; init; }

    /// <summary>Runs inside <see cref="Decide"/>.</summary>
    public Action<EntityId, Order>? OnDecide { get; set; }

    public bool ActivateThrows { get; set; }

    public Order Recovery => TheRecovery;

    public Decision<Tally, TallyChange, Answer> Decide(in EntityId id, Tally? state, Order command, DateTimeOffset now)
    {
        OnDecide?.Invoke(id, command);
        return command switch
        {
            Order.Create when state is null => Store(id, new Tally(1, 0), command, mayConflict: true),
            Order.Boom => throw new InvalidOperationException("boom"),
            Order.End end when state is not null => Keep(state.Subscriber == end.Who ? state with { Subscriber = 0 } : state),
            Order.Recover when state is not null => Keep(state, new Answer(id, command.Ticket, "recovered", state.Count, state.Subscriber)),
            Order.End or Order.Recover => Keep(null),
            _ when state is null => Keep(null, new Answer(id, command.Ticket, "none")),
            Order.Add => Store(id, state with { Count = state.Count + 1 }, command, mayConflict: false),
            Order.Claim => Store(id, state with { Count = state.Count + 1 }, command, mayConflict: true),
            Order.Subscribe subscribe => Keep(state with { Subscriber = subscribe.Who }, new Answer(id, command.Ticket, "ok", state.Count, subscribe.Who)),
            _ => Keep(state, new Answer(id, command.Ticket, "ok", state.Count, state.Subscriber)),
        };
    }

    public bool CreatesEntity(Order command) => command is Order.Create;

    public Tally? Activate(in EntityId id, TallyRow? row, object? residue)
    {
        if (ActivateThrows)
        {
            throw new InvalidOperationException("cannot be activated");
        }

        return row is null ? null : new Tally(row.Count, (residue as TallyResidue)?.Subscriber ?? 0);
    }

    public object? Residue(Tally state) => state.Subscriber == 0 ? null : new TallyResidue(state.Subscriber);

    public bool TryDecideResidue(in EntityId id, object? residue, Order command, out object? rest, out ImmutableArray<Answer> effects)
    {
        (rest, effects) = (residue, []);
        if (command is not Order.End end)
        {
            return false;
        }

        rest = (residue as TallyResidue)?.Subscriber == end.Who ? null : residue;
        return true;
    }

    public ImmutableArray<Answer> Refuse(in EntityId id, Order command, Refusal refusal) =>
        command.Ticket < 0 ? [] : [new Answer(id, command.Ticket, refusal.ToString())];

    public void Decided(Order command, ImmutableArray<Answer> effects) => OnDecided?.Invoke(command, effects);

    private static Decision<Tally, TallyChange, Answer> Keep(Tally? state, params ImmutableArray<Answer> answers) =>
        new(state, [], answers, []);

    private static Decision<Tally, TallyChange, Answer> Store(in EntityId id, Tally state, Order command, bool mayConflict) => new(
        state,
        [new TallyChange(state.Count, command.Ticket)],
        [new Answer(id, command.Ticket, "ok", state.Count, state.Subscriber)],
        mayConflict ? [new Answer(id, command.Ticket, "taken")] : []);
}
