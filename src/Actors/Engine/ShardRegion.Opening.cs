using System.Collections.Immutable;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Engine;

public sealed partial class ShardRegion<TState, TRow, TCommand, TChange, TEffect>
{
    /// <summary>Whether a shard takes commands.</summary>
    private enum Access : byte
    {
        /// <summary>Commands are taken, to be decided or, while the shard halts, handed back.</summary>
        Open,

        /// <summary>Commands are not taken; what is in memory stays there.</summary>
        Suspended,

        /// <summary>Commands are not taken and nothing is in memory.</summary>
        Closed,
    }

    private bool HasLease => _options.Lease is not { IsValid: false };

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The shard was not closed or dropped before.</exception>
    public void Open(int shard, long rangeId) => _shards[shard].Open(rangeId);

    /// <inheritdoc/>
    public Task CloseAsync(int shard) => LeaveAsync(_shards[shard]);

    /// <inheritdoc/>
    public Task DropAsync(int shard) => LeaveAsync(_shards[shard]);

    /// <inheritdoc/>
    public Task SuspendAsync(int shard) => _shards[shard].HaltAsync();

    /// <summary>
    /// Goes on after <see cref="SuspendAsync"/>, or after the shard suspended itself. Without
    /// <see cref="SuspendAsync"/> before it, the shard may take commands only some time after this returned.
    /// </summary>
    /// <exception cref="InvalidOperationException">The shard is closed.</exception>
    public void Resume(int shard) => _shards[shard].Resume();

    // Of what a shard has decided, the writer knows best whether it is stored: closing and dropping differ only in that.
    private async Task LeaveAsync(Shard shard)
    {
        await shard.HaltAsync();
        await _writer.FlushAsync();
        await shard.ForgetAsync();
    }

    /// <summary>Gives a command that was not decided to whoever finds it another place.</summary>
    private void HandBack(in EntityId id, TCommand command)
    {
        try
        {
            if (_returned is not null)
            {
                _returned(id, command);
                return;
            }

            ImmutableArray<TEffect> effects = _kind.Refuse(id, command, Refusal.Stopping);
            _kind.Decided(command, effects);
            PerformAll(id, effects);
        }
        catch (Exception fault)
        {
            ReportFault(fault, nameof(HandBack));
        }
    }

    /// <summary>
    /// How the shard opens and halts. A shard that halts decides nothing more but still takes commands, to hand them
    /// back in their order, until it finds none left; from then on it says that it is not here. So whoever keeps what
    /// came back, and what was not taken, has all of it in the order in which it was told.
    /// </summary>
    private sealed partial class Shard
    {
        // Guarded by the gate.
        private Access _access = region._options.StartsClosed ? Access.Closed : Access.Open;
        private bool _isReopening;

        // Used by the running turn only.
        private readonly List<Parking> _held = [];
        private List<TaskCompletionSource> _halts = [];
        private long _rangeId;
        private bool _isHalting = region._options.StartsClosed;
        private bool _resumesWhenHalted;
        private bool _isFenceReported;

        public int Number => number;

        public void Open(long rangeId)
        {
            lock (_gate)
            {
                if (_access != Access.Closed)
                {
                    throw new InvalidOperationException($"Shard {number} is in use.");
                }

                Reopen();
            }

            Post(new Signal(SignalKind.Open, rangeId));
        }

        public void Resume()
        {
            lock (_gate)
            {
                if (_access == Access.Closed)
                {
                    throw new InvalidOperationException($"Shard {number} is closed.");
                }

                if (_access == Access.Suspended)
                {
                    Reopen();
                }
            }

            Post(new Signal(SignalKind.Resume, null));
        }

        /// <summary>Completes when the shard takes nothing more and everything undecided was handed back.</summary>
        public Task HaltAsync() => PostAsync(SignalKind.Halt);

        /// <summary>Completes when nothing is in memory. Only after <see cref="HaltAsync"/>, and after the writer was flushed.</summary>
        public Task ForgetAsync() => PostAsync(SignalKind.Forget);

        private Task PostAsync(SignalKind kind)
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Post(new Signal(kind, done));
            return done.Task;
        }

        private void Reopen()
        {
            _access = Access.Open;
            _isReopening = true;
        }

        private bool EndReopening()
        {
            lock (_gate)
            {
                bool wasReopening = _isReopening;
                _isReopening = false;
                return wasReopening;
            }
        }

        private void OnOpen(long rangeId)
        {
            EndReopening();
            _rangeId = rangeId;
            (_isHalting, _isFenceReported, _resumesWhenHalted) = (false, false, false);
        }

        private void OnResume()
        {
            if (!EndReopening())
            {
                // It may be on its way to suspend itself: then what it hands back must not be overtaken.
                _resumesWhenHalted = _isHalting;
                return;
            }

            (_isHalting, _isFenceReported) = (false, false);
            _loads.AddRange(_held);
            _held.Clear();
            List<Visit> visits = [.. _missedVisits];
            _missedVisits.Clear();
            visits.ForEach(VisitAll);
        }

        /// <summary>False when nothing may be decided, because the shard halts or its node has no right to serve now.</summary>
        private bool MayDecide()
        {
            if (!_isHalting && !region.HasLease)
            {
                Halt();
            }

            return !_isHalting;
        }

        private void Halt()
        {
            if (_isHalting)
            {
                return;
            }

            (_isHalting, _resumesWhenHalted) = (true, false);
            foreach (object known in _entities.Values)
            {
                if (known is Entity { Parking: { } parking })
                {
                    HandBackParked(parking);
                }
            }
        }

        private void HandBackParked(Parking parking)
        {
            List<Item> items = [.. parking.Returned, .. parking.Items];
            parking.Returned.Clear();
            parking.Items.Clear();
            _parkedCount -= items.Count;
            foreach (Item item in items)
            {
                HandBack(parking.EntityId, item);
            }
        }

        /// <summary>A command that its sender knows as decided was decided in vain; handed back, it would be decided twice.</summary>
        private void HandBack(in EntityId id, in Item item)
        {
            if (item.Refusal is not null || item.IsAnnounced)
            {
                region.PerformAll(id, Refuse(id, item, item.Refusal ?? Refusal.StoreFailed));
            }
            else
            {
                region.HandBack(id, item.Command);
            }
        }

        private void OnFenced()
        {
            if (_isFenceReported)
            {
                return;
            }

            _isFenceReported = true;
            Halt();
            try
            {
                region._options.OnFenced?.Invoke(number);
            }
            catch (Exception fault)
            {
                region.ReportFault(fault, nameof(region._options.OnFenced));
            }
        }

        /// <summary>
        /// An entity was read while the shard halts. One that has to recover does so after it resumed, and is read again
        /// for it; any other becomes passive again, since nothing waits for it.
        /// </summary>
        private void Hold(Parking parking)
        {
            if (parking.IsRecovery && !region._isStopping)
            {
                _held.Add(parking);
                return;
            }

            Leave(parking.Entity, parking.Residue);
            Settled(parking);
        }

        private void GiveUpHeld()
        {
            foreach (Parking parking in _held)
            {
                Leave(parking.Entity, parking.Residue);
                Settled(parking);
            }

            _held.Clear();
        }

        private void Forget()
        {
            foreach (object known in _entities.Values)
            {
                if (known is Entity { Parking: { } parking })
                {
                    parking.IsAbandoned = true;
                }
            }

            _held.Clear();
            _missedVisits.Clear();
            _loads.Clear();
            _loaded.Clear();
            _entities.Clear();
            _entities.TrimExcess();
            (_loadedCount, _passiveCount, _unsettledCount, _parkedCount) = (0, 0, 0, 0);
            lock (_gate)
            {
                _access = Access.Closed;
            }
        }

        /// <summary>
        /// At the end of a turn, inside the gate: a shard that halts and has nothing left to hand back takes nothing more.
        /// </summary>
        /// <returns>Who waited for that.</returns>
        private List<TaskCompletionSource>? SettleHalt()
        {
            if (!_isHalting || _isReopening)
            {
                return null;
            }

            if (_access == Access.Open)
            {
                if (_turn.Count > 0 || _inbox.Count > 0 || _waiters.Count > 0)
                {
                    return null;
                }

                _access = Access.Suspended;
                if (_resumesWhenHalted)
                {
                    Reopen();
                    _signals.Add(new Signal(SignalKind.Resume, null));
                }
            }

            List<TaskCompletionSource>? halts = _halts.Count > 0 ? _halts : null;
            _halts = halts is null ? _halts : [];
            return halts;
        }
    }
}
