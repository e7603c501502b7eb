using System.Collections.Immutable;
using System.Runtime.InteropServices;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Engine;

public sealed partial class ShardRegion<TState, TRow, TCommand, TChange, TEffect>
{
    /// <summary>One turn: commands are decided, their effects performed or handed to the writer.</summary>
    private sealed partial class Shard
    {
        // An entity in memory, or the residue of one that is passive.
        private readonly Dictionary<EntityId, object> _entities = [];
        private readonly List<PendingWrite<TChange>> _outgoing = [];
        private readonly List<ILoadRequest<TRow>> _loads = [];
        private DateTimeOffset _now;
        private bool _isStopped;
        private bool _awaitsRoom;

        // Number of the last decision given to the writer, and of the last one it has performed.
        private long _submitted;
        private long _performed;

        private long _commandCount;
        private int _parkedCount;
        private int _unsettledCount;
        private int _passiveCount;

        /// <summary>How many decisions went to the writer.</summary>
        public long Submitted => Volatile.Read(ref _submitted);

        /// <summary>
        /// Called by the writer, after the effects of decision <paramref name="number"/> and of all before it. A failed
        /// one is passed over: its entity was poisoned before, and whoever reads this number looks at the poison next.
        /// </summary>
        public void PublishPerformed(long number) => Volatile.Write(ref _performed, number);

        public void AddTo(ref RegionMetrics sum)
        {
            int inbox;
            lock (_gate)
            {
                inbox = _inbox.Count + _waiters.Count;
            }

            sum = sum with
            {
                Loaded = sum.Loaded + Volatile.Read(ref _loadedCount),
                Passive = sum.Passive + Volatile.Read(ref _passiveCount),
                Loading = sum.Loading + Volatile.Read(ref _unsettledCount),
                Parked = sum.Parked + Volatile.Read(ref _parkedCount),
                Inbox = sum.Inbox + inbox,
                Commands = sum.Commands + Volatile.Read(ref _commandCount),
                Loads = sum.Loads + Volatile.Read(ref _loadCount),
                Passivated = sum.Passivated + Volatile.Read(ref _passivatedCount),
            };
        }

        /// <summary>Returns true when commands must wait for the writer or for entities that are being loaded.</summary>
        private bool RunTurn()
        {
            _now = region._time.GetUtcNow();
            MayDecide();
            foreach (Signal signal in _turnSignals)
            {
                Handle(signal);
            }

            _turnSignals.Clear();
            bool isBlocked = false;
            int end = Math.Min(_turn.Count, _turnPosition + Limits.CommandsPerTurn);
            while (_turnPosition < end && !(isBlocked = IsBlocked()))
            {
                Take(in CollectionsMarshal.AsSpan(_turn)[_turnPosition++]);
            }

            if (_turnPosition == _turn.Count)
            {
                _turn.Clear();
                _turnPosition = 0;
            }

            HandOver();
            EvictOverBudget();
            CompleteDrains();
            return isBlocked;
        }

        private bool IsBlocked()
        {
            if (_isHalting)
            {
                return false;
            }

            if (_parkedCount >= region._options.ParkedCommandsPerShard)
            {
                return true;
            }

            if (region._writer.IsFull && !_awaitsRoom)
            {
                _awaitsRoom = region._writer.WaitForRoom(this);
            }

            return _awaitsRoom;
        }

        private void HandOver()
        {
            if (_outgoing.Count > 0)
            {
                region._writer.Submit(_outgoing);
                _outgoing.Clear();
            }

            if (_loads.Count > 0)
            {
                region._loader.Request(_loads);
                _loads.Clear();
            }
        }

        private void Handle(Signal signal)
        {
            switch (signal.Kind)
            {
                case SignalKind.Loaded:
                    OnLoaded((Parking)signal.Subject!);
                    break;
                case SignalKind.Returned:
                    OnReturned((PendingDecision)signal.Subject!);
                    break;
                case SignalKind.Room:
                    _awaitsRoom = false;
                    break;
                case SignalKind.Sweep:
                    PassivateUnused();
                    break;
                case SignalKind.Drain:
                    _drains.Add((TaskCompletionSource)signal.Subject!);
                    GiveUpHeld();
                    break;
                case SignalKind.Open:
                    OnOpen((long)signal.Subject!);
                    break;
                case SignalKind.Resume:
                    OnResume();
                    break;
                case SignalKind.Halt:
                    _halts.Add((TaskCompletionSource)signal.Subject!);
                    Halt();
                    break;
                case SignalKind.Forget:
                    Forget();
                    ((TaskCompletionSource)signal.Subject!).SetResult();
                    break;
                case SignalKind.Stop:
                    _isStopped = true;
                    break;
                case SignalKind.Visit:
                    OnVisit((Visit)signal.Subject!);
                    break;
                case SignalKind.Survey:
                    ((ISurvey)signal.Subject!).Look(_entities.Values);
                    break;
                default:
                    throw new InvalidOperationException($"No such signal: {signal.Kind}.");
            }
        }

        private void Take(in Envelope envelope)
        {
            if (envelope.Command is null)
            {
                Signal mark;
                lock (_gate)
                {
                    mark = _marks.Dequeue();
                }

                Handle(mark);
                return;
            }

            Accept(envelope.Id, new Item(envelope.Command, _isStopped ? Refusal.Stopping : null));
        }

        /// <summary>Serves a command, or parks it until its entity can.</summary>
        private void Accept(in EntityId id, in Item item)
        {
            if (!MayDecide())
            {
                HandBack(id, item);
                return;
            }

            _entities.TryGetValue(id, out object? known);
            if (known is Entity entity)
            {
                if (entity.Phase == Phase.Live && !entity.IsPoisoned)
                {
                    ServeOrHandBack(entity, item);
                }
                else
                {
                    Park(entity, item);
                }
            }
            else if (item.Refusal is { } refusal)
            {
                region.PerformAll(id, Refuse(id, item, refusal));
            }
            else if (!TryServePassive(id, known, item))
            {
                entity = new Entity(id);
                Put(id, known, entity);
                if (known is null && Creates(item.Command))
                {
                    AddLoaded(entity);
                    ServeOrHandBack(entity, item);
                }
                else
                {
                    Load(entity, known);
                    Park(entity, item);
                }
            }
        }

        private void ServeOrHandBack(Entity entity, in Item item)
        {
            if (!TryServe(entity, item))
            {
                HandBack(entity.Id, item);
            }
        }

        /// <summary>False when this node may not trust its memory any more: nothing was decided, the shard halts.</summary>
        private bool TryServe(Entity entity, in Item item)
        {
            entity.IsUsed = true;
            TState? before = entity.State;
            if (item.Refusal is { } refusal)
            {
                Settle(entity, item.Command, before, [], Refuse(entity.Id, item, refusal), []);
                return true;
            }

            Decision<TState, TChange, TEffect> decision;
            try
            {
                decision = region._kind.Decide(entity.Id, before, item.Command, _now);
            }
            catch (Exception fault)
            {
                region.ReportFault(fault, item.Command);
                OnFault(entity, item);
                return true;
            }

            // The process may have been frozen since the command was taken; what is stored, the store checks.
            if (decision.Changes.IsDefaultOrEmpty && !MayDecide())
            {
                return false;
            }

            entity.State = decision.State;
            Announce(item, decision.Effects);
            Settle(entity, item.Command, before, decision.Changes, decision.Effects, decision.OnConflict);
            return true;
        }

        /// <summary>Performs the effects now or, when they must wait for a commit, gives the decision to the writer.</summary>
        private void Settle(
            Entity entity,
            TCommand command,
            TState? before,
            ImmutableArray<TChange> changes,
            ImmutableArray<TEffect> effects,
            ImmutableArray<TEffect> onConflict)
        {
            if (changes.IsDefaultOrEmpty && !IsWithWriter(entity))
            {
                region.PerformAll(entity.Id, effects);
                return;
            }

            Submit(new PendingDecision(this, entity, _submitted + 1)
            {
                Command = command,
                RangeId = _rangeId,
                Before = before,
                Changes = changes.IsDefault ? [] : changes,
                Effects = effects,
                OnConflict = changes.IsDefaultOrEmpty ? [] : onConflict,
            });
        }

        private void Submit(PendingDecision decision)
        {
            Volatile.Write(ref _submitted, decision.Number);
            decision.Entity.LastSubmitted = decision.Number;
            _outgoing.Add(decision);
        }

        // The order matters: the writer poisons an entity before it publishes a later number.
        private bool IsWithWriter(Entity entity) =>
            entity.LastSubmitted > Volatile.Read(ref _performed) || entity.IsPoisoned;

        private bool Creates(TCommand command)
        {
            try
            {
                return region._kind.CreatesEntity(command);
            }
            catch (Exception fault)
            {
                region.ReportFault(fault, nameof(region._kind.CreatesEntity));
                return false;
            }
        }

        private ImmutableArray<TEffect> Refuse(in EntityId id, in Item item, Refusal refusal)
        {
            ImmutableArray<TEffect> effects = [];
            try
            {
                effects = region._kind.Refuse(id, item.Command, refusal);
            }
            catch (Exception fault)
            {
                region.ReportFault(fault, nameof(region._kind.Refuse));
            }

            Announce(item, effects);
            return effects;
        }

        private void Announce(in Item item, ImmutableArray<TEffect> effects)
        {
            if (item.IsAnnounced)
            {
                return;
            }

            _commandCount++;
            try
            {
                region._kind.Decided(item.Command, effects.IsDefault ? [] : effects);
            }
            catch (Exception fault)
            {
                region.ReportFault(fault, nameof(region._kind.Decided));
            }
        }
    }
}
