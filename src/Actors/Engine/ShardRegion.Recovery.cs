using System.Collections.Immutable;

namespace SimplexActors.Actors.Engine;

public sealed partial class ShardRegion<TState, TRow, TCommand, TChange, TEffect>
{
    /// <summary>How entities come from the store, and come back after a fault or a failed commit.</summary>
    private sealed partial class Shard
    {
        private readonly List<TaskCompletionSource> _drains = [];
        private long _loadCount;

        /// <summary>Completes when nothing is parked, loading or recovering.</summary>
        public Task DrainAsync()
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Post(new Signal(SignalKind.Drain, done));
            return done.Task;
        }

        private void CompleteDrains()
        {
            // Only a stopped shard is drained: what its inbox held comes first.
            if (_drains.Count > 0 && _isStopped && _unsettledCount == 0)
            {
                _drains.ForEach(drain => drain.SetResult());
                _drains.Clear();
            }
        }

        private void Park(Entity entity, in Item item)
        {
            Parking parking = entity.Parking ??= Unsettle(entity, residue: null);
            parking.Items.Add(item);
            _parkedCount++;
        }

        private Parking Unsettle(Entity entity, object? residue)
        {
            _unsettledCount++;
            return new Parking(this, entity, residue);
        }

        private void Load(Entity entity, object? residue)
        {
            entity.Phase = Phase.Loading;
            entity.Parking = Unsettle(entity, residue);
            _loads.Add(entity.Parking);
        }

        private void OnLoaded(Parking parking)
        {
            if (parking.IsAbandoned)
            {
                return;
            }

            if (_isHalting && parking.Error is null)
            {
                Hold(parking);
                return;
            }

            if (parking.Error is not null)
            {
                OnLoadFailed(parking);
                return;
            }

            Entity entity = parking.Entity;
            try
            {
                entity.State = region._kind.Activate(entity.Id, parking.Row, parking.Residue);
            }
            catch (Exception fault)
            {
                region.ReportFault(fault, nameof(region._kind.Activate));
                GiveUp(parking, Refusal.Fault);
                return;
            }

            _loadCount++;
            entity.Phase = Phase.Live;
            AddLoaded(entity);
            if (parking.IsRecovery && !region._isStopping && !TryServe(entity, new Item(region._kind.Recovery, IsAnnounced: true)))
            {
                RemoveLoaded(entity);
                entity.Phase = Phase.Loading;
                Hold(parking);
                return;
            }

            Release(parking);
        }

        private void OnLoadFailed(Parking parking)
        {
            bool isStopping = region._isStopping;
            if (parking.MustReadFirst && !isStopping)
            {
                region._loader.RequestLater(parking);
                return;
            }

            if (!parking.IsRecovery || isStopping)
            {
                GiveUp(parking, Refusal.LoadFailed);
                return;
            }

            RefuseParked(parking, Refusal.LoadFailed);
            if (parking.Residue is null)
            {
                Leave(parking.Entity, parking.Residue);
                Settled(parking);
            }
            else
            {
                // Its connections wait for what the recovery brings them.
                region._loader.RequestLater(parking);
            }
        }

        private void GiveUp(Parking parking, Refusal refusal)
        {
            RefuseParked(parking, refusal);
            Leave(parking.Entity, parking.Residue);
            Settled(parking);
        }

        private void RefuseParked(Parking parking, Refusal refusal)
        {
            foreach (Item item in parking.Items)
            {
                RefuseOrApply(parking, item, item.Refusal ?? refusal);
            }

            _parkedCount -= parking.Items.Count;
            parking.Items.Clear();
        }

        private void RefuseOrApply(Parking parking, in Item item, Refusal refusal)
        {
            if (!TryApply(parking, item))
            {
                region.PerformAll(parking.EntityId, Refuse(parking.EntityId, item, refusal));
            }
        }

        private bool TryApply(Parking parking, in Item item)
        {
            if (!TryDecideResidue(parking.EntityId, parking.Residue, item, out object? rest, out ImmutableArray<TEffect> effects))
            {
                return false;
            }

            parking.Residue = rest;
            region.PerformAll(parking.EntityId, effects);
            return true;
        }

        /// <summary>Serves what was parked. The entity may fail again in between: then the rest is parked with its successor.</summary>
        private void Release(Parking parking)
        {
            List<Item> items = parking.Items;
            parking.Entity.Parking = null;
            Settled(parking);
            _parkedCount -= items.Count;
            foreach (Item item in items)
            {
                Accept(parking.EntityId, item);
            }

            foreach (Visit visit in parking.Visits ?? [])
            {
                VisitOne(visit, parking.EntityId);
            }
        }

        private void Settled(Parking parking)
        {
            _unsettledCount--;
            parking.Entity.Parking = null;
        }

        /// <summary>The entity's logic threw. What it decided before may still be with the writer and must be stored first.</summary>
        private void OnFault(Entity entity, in Item item)
        {
            if (!IsWithWriter(entity))
            {
                region.PerformAll(entity.Id, Refuse(entity.Id, item, Refusal.Fault));
                Leave(entity, ResidueOf(entity.State));
                return;
            }

            entity.Phase = Phase.Leaving;
            entity.Parking = Unsettle(entity, residue: null);
            Submit(new PendingDecision(this, entity, _submitted + 1)
            {
                Command = item.Command,
                RangeId = _rangeId,
                Before = entity.State,
                Changes = [],
                Effects = Refuse(entity.Id, item, Refusal.Fault),
                MustReturn = true,
            });
        }

        /// <summary>A decision came back from the writer: it failed, or everything up to a fault is done.</summary>
        private void OnReturned(PendingDecision decision)
        {
            Entity entity = decision.Entity;
            if (decision.Rejection is { } rejection)
            {
                OnRejected(decision, rejection);
            }
            else
            {
                entity.Parking!.Residue = ResidueOf(entity.State);
            }

            if (decision.Number == entity.LastSubmitted)
            {
                Succeed(entity);
            }
        }

        private void OnRejected(PendingDecision decision, WriteRejection rejection)
        {
            Entity entity = decision.Entity;
            Parking parking = entity.Parking ??= Unsettle(entity, residue: null);
            if (entity.Phase != Phase.Recovering)
            {
                entity.Phase = Phase.Recovering;
                entity.State = null;
                parking.IsRecovery = true;
                parking.Residue = ResidueOf(decision.Before);
            }

            if (rejection == WriteRejection.Fenced)
            {
                OnFenced();
            }

            var item = new Item(decision.Command, Refusal.StoreFailed, IsAnnounced: true);
            parking.MustReadFirst |= rejection == WriteRejection.Unknown;
            parking.MustPause |= ReferenceEquals(decision.Command, region._kind.Recovery);
            if (rejection == WriteRejection.Conflict && decision.MayConflict)
            {
                region.PerformAll(entity.Id, decision.OnConflict);
            }
            else if (!parking.MustReadFirst || _isHalting)
            {
                RefuseOrApply(parking, item, Refusal.StoreFailed);
            }
            else if (!TryApply(parking, item))
            {
                parking.Returned.Add(item);
                _parkedCount++;
            }
        }

        /// <summary>
        /// All decisions of an incarnation are back. It is read from the store again when commands wait for it or
        /// something of it must stay in memory; otherwise the next command does that.
        /// </summary>
        private void Succeed(Entity entity)
        {
            Parking parking = entity.Parking!;
            if (parking.Returned.Count > 0)
            {
                parking.Returned.AddRange(parking.Items);
                parking.Items = [.. parking.Returned];
                parking.Returned.Clear();
            }

            Leave(entity, parking.Residue);
            bool isWanted = parking.Items.Count > 0 || parking.MustReadFirst || (parking.IsRecovery && parking.Residue is not null);
            if (!isWanted)
            {
                Settled(parking);
                return;
            }

            var next = new Entity(entity.Id) { Phase = Phase.Loading, Parking = parking };
            Put(entity.Id, parking.Residue, next);
            entity.Parking = null;
            parking.Entity = next;
            if (parking.MustPause)
            {
                parking.MustPause = false;
                region._loader.RequestLater(parking);
            }
            else
            {
                _loads.Add(parking);
            }
        }
    }
}
