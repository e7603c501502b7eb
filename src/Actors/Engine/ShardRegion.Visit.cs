using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Engine;

public sealed partial class ShardRegion<TState, TRow, TCommand, TChange, TEffect>
{
    /// <summary>
    /// Looks at everything that is in memory, each shard in its turn after all commands that it was told before, and tells
    /// entities what <paramref name="choose"/> returns for them: for what cannot be addressed by ids, such as the end of
    /// all connections of another node.
    /// </summary>
    /// <param name="choose">
    /// Given an entity and its state, or what stayed in memory of a passive one; null to tell it nothing. Called on many
    /// threads at once. An entity that is being loaded may be shown twice, so the command must bear being told twice.
    /// </param>
    /// <returns>Completes when every shard has looked. A suspended one looks when it resumes, which is not waited for.</returns>
    public Task TellEachAsync(Func<EntityId, object, TCommand?> choose)
    {
        var visit = new Visit(choose, _shards.Length);
        foreach (Shard shard in _shards)
        {
            shard.Admit(visit);
        }

        return visit.Task;
    }

    private sealed class Visit(Func<EntityId, object, TCommand?> choose, int shards)
        : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        private int _left = shards;

        public TCommand? Choose(in EntityId id, object seen) => choose(id, seen);

        public void CompleteOne()
        {
            if (Interlocked.Decrement(ref _left) == 0)
            {
                SetResult();
            }
        }
    }

    /// <summary>How a visit goes over the shard's entities.</summary>
    private sealed partial class Shard
    {
        private readonly List<Visit> _missedVisits = [];

        public void Admit(Visit visit) => Mark(new Signal(SignalKind.Visit, visit));

        private void OnVisit(Visit visit)
        {
            if (MayDecide())
            {
                VisitAll(visit);
            }
            else if (_entities.Count > 0)
            {
                _missedVisits.Add(visit);
            }

            visit.CompleteOne();
        }

        private void VisitAll(Visit visit)
        {
            List<(EntityId Id, TCommand Command)> told = [];
            foreach ((EntityId id, object known) in _entities)
            {
                if (Look(visit, id, known) is { } command)
                {
                    told.Add((id, command));
                }
            }

            told.ForEach(one => Accept(one.Id, new Item(one.Command)));
        }

        private void VisitOne(Visit visit, in EntityId id)
        {
            if (_entities.TryGetValue(id, out object? known) && Look(visit, id, known) is { } command)
            {
                Accept(id, new Item(command));
            }
        }

        private TCommand? Look(Visit visit, in EntityId id, object known)
        {
            object? seen = known;
            if (known is Entity entity)
            {
                seen = entity.State ?? entity.Parking?.Residue;
                if (entity.Parking is { } parking)
                {
                    (parking.Visits ??= []).Add(visit);
                }
            }

            try
            {
                return seen is null ? null : visit.Choose(id, seen);
            }
            catch (Exception fault)
            {
                region.ReportFault(fault, nameof(TellEachAsync));
                return null;
            }
        }
    }
}
