using System.Collections.Immutable;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Engine;

public sealed partial class ShardRegion<TState, TRow, TCommand, TChange, TEffect>
{
    /// <summary>
    /// What is in memory and what leaves it. Loaded entities stand in a list; a clock hand goes round it and sends
    /// away those that were not used since it last passed, until the shard's share of the budget is met.
    /// </summary>
    private sealed partial class Shard
    {
        private readonly int _budget = Math.Max(1, region._options.LoadedEntities / region._options.Shards);
        private readonly List<Entity> _loaded = [];
        private int _hand;
        private int _loadedCount;
        private long _passivatedCount;

        private void AddLoaded(Entity entity)
        {
            entity.LoadedIndex = _loaded.Count;
            _loaded.Add(entity);
            _loadedCount = _loaded.Count;
        }

        private void RemoveLoaded(Entity entity)
        {
            if (entity.LoadedIndex < 0)
            {
                return;
            }

            Entity last = _loaded[^1];
            _loaded[entity.LoadedIndex] = last;
            last.LoadedIndex = entity.LoadedIndex;
            _loaded.RemoveAt(_loaded.Count - 1);
            entity.LoadedIndex = -1;
            _loadedCount = _loaded.Count;
        }

        private void EvictOverBudget()
        {
            // Two rounds: the first may only find that all were used.
            for (int steps = 2 * _loaded.Count; steps > 0 && _loaded.Count > _budget; steps--)
            {
                _hand = _hand < _loaded.Count ? _hand : 0;
                if (!TryPassivate(_loaded[_hand]))
                {
                    _hand++;
                }
            }
        }

        private void PassivateUnused()
        {
            for (int i = _loaded.Count - 1; i >= 0; i--)
            {
                TryPassivate(_loaded[i]);
            }

            // Give back what a burst left behind.
            _loaded.TrimExcess();
            _outgoing.TrimExcess();
            if (_entities.Capacity > 4 * Math.Max(16, _entities.Count))
            {
                _entities.TrimExcess();
            }

            lock (_gate)
            {
                _inbox.TrimExcess();
            }
        }

        private bool TryPassivate(Entity entity)
        {
            if (entity.IsUsed)
            {
                entity.IsUsed = false;
                return false;
            }

            if (entity.Phase != Phase.Live || IsWithWriter(entity))
            {
                return false;
            }

            Leave(entity, ResidueOf(entity.State));
            _passivatedCount++;
            return true;
        }

        /// <summary>The incarnation ends; what must stay in memory takes its place.</summary>
        private void Leave(Entity entity, object? residue)
        {
            RemoveLoaded(entity);
            Put(entity.Id, entity, residue);
        }

        /// <summary>Replaces what the shard holds under an id.</summary>
        private void Put(in EntityId id, object? old, object? value)
        {
            _passiveCount += (value is null or Entity ? 0 : 1) - (old is null or Entity ? 0 : 1);
            if (value is null)
            {
                _entities.Remove(id);
            }
            else
            {
                _entities[id] = value;
            }
        }

        /// <summary>A command that concerns only the residue of an entity that is not in memory loads nothing.</summary>
        private bool TryServePassive(in EntityId id, object? residue, in Item item)
        {
            if (!TryDecideResidue(id, residue, item, out object? rest, out ImmutableArray<TEffect> effects))
            {
                return false;
            }

            if (!ReferenceEquals(residue, rest))
            {
                Put(id, residue, rest);
            }

            region.PerformAll(id, effects);
            return true;
        }

        private bool TryDecideResidue(in EntityId id, object? residue, in Item item, out object? rest, out ImmutableArray<TEffect> effects)
        {
            effects = [];
            try
            {
                if (!region._kind.TryDecideResidue(id, residue, item.Command, out rest, out effects))
                {
                    return false;
                }
            }
            catch (Exception fault)
            {
                region.ReportFault(fault, nameof(region._kind.TryDecideResidue));
                rest = residue;
                return false;
            }

            Announce(item, effects);
            return true;
        }

        private object? ResidueOf(TState? state)
        {
            try
            {
                return state is null ? null : region._kind.Residue(state);
            }
            catch (Exception fault)
            {
                region.ReportFault(fault, nameof(region._kind.Residue));
                return null;
            }
        }
    }
}
