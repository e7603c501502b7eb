using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Engine;

public sealed partial class ShardRegion<TState, TRow, TCommand, TChange, TEffect>
{
    /// <summary>The shard's inbox, and who runs its turns when.</summary>
    private sealed partial class Shard(ShardRegion<TState, TRow, TCommand, TChange, TEffect> region, int number) : IThreadPoolWorkItem, IRoomWaiter
    {
        // Guarded by the gate. Signals are never refused: each answers something the shard started.
        private readonly Lock _gate = new();
        private readonly LinkedList<Waiter> _waiters = [];
        private List<Envelope> _inbox = [];
        private readonly Queue<Signal> _marks = [];
        private List<Signal> _signals = [];
        private bool _isScheduled;
        private bool _isPaused;

        // Used by the running turn only.
        private readonly List<Waiter> _admitted = [];
        private List<Envelope> _turn = [];
        private List<Signal> _turnSignals = [];
        private int _turnPosition;

        public ShardRegion<TState, TRow, TCommand, TChange, TEffect> Region => region;

        public TellResult TryTell(in EntityId id, TCommand command)
        {
            bool start;
            lock (_gate)
            {
                if (_access != Access.Open)
                {
                    return TellResult.NotHere;
                }

                if (_inbox.Count >= region._options.InboxCommandsPerShard || _waiters.Count > 0)
                {
                    return TellResult.Full;
                }

                _inbox.Add(new Envelope(id, command));
                start = TryScheduleForCommand();
            }

            Start(start, region._options.RunOnCaller);
            return TellResult.Taken;
        }

        public ValueTask<bool> TellAsync(in EntityId id, TCommand command, CancellationToken cancellation)
        {
            if (cancellation.IsCancellationRequested)
            {
                return ValueTask.FromCanceled<bool>(cancellation);
            }

            TellResult told = TryTell(id, command);
            if (told != TellResult.Full)
            {
                return new ValueTask<bool>(told == TellResult.Taken);
            }

            var waiter = new Waiter(this, new Envelope(id, command));
            bool start;
            lock (_gate)
            {
                if (_access != Access.Open)
                {
                    return new ValueTask<bool>(false);
                }

                waiter.Enter(_waiters, cancellation);
                start = TryScheduleForCommand();
            }

            Start(start, onCaller: false);
            return new ValueTask<bool>(waiter.Task);
        }

        /// <summary>Tells the shard something; its turn runs on the thread pool.</summary>
        public void Post(Signal signal)
        {
            bool start;
            lock (_gate)
            {
                _signals.Add(signal);
                start = !_isScheduled;
                _isScheduled = true;
            }

            Start(start, onCaller: false);
        }

        public void HasRoom() => Post(new Signal(SignalKind.Room, null));

        /// <summary>Refuses every command that comes after this.</summary>
        public void Stop() => Mark(new Signal(SignalKind.Stop, null));

        /// <summary>Tells the shard something that is its turn after every command that came before.</summary>
        private void Mark(Signal mark)
        {
            bool start;
            lock (_gate)
            {
                _inbox.Add(new Envelope(default, null));
                _marks.Enqueue(mark);
                start = TryScheduleForCommand();
            }

            Start(start, onCaller: false);
        }

        public void Execute() => Run();

        private bool TryScheduleForCommand()
        {
            bool start = !_isScheduled && !_isPaused;
            _isScheduled |= start;
            return start;
        }

        private void Start(bool start, bool onCaller)
        {
            if (!start)
            {
                return;
            }

            if (onCaller && !TurnScope.IsActive)
            {
                Run();
            }
            else
            {
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }
        }

        private void Run()
        {
            bool outer = TurnScope.Enter();
            bool isBlocked = false;
            try
            {
                TakeWork();
                isBlocked = RunTurn();
            }
            catch (Exception bug)
            {
                EngineFailure.End(bug);
            }

            TurnScope.Exit(outer);

            bool again;
            List<TaskCompletionSource>? halted;
            lock (_gate)
            {
                halted = SettleHalt();
                _isPaused = isBlocked && _signals.Count == 0;
                again = _signals.Count > 0 || (!_isPaused && (_turnPosition < _turn.Count || _inbox.Count > 0 || _waiters.Count > 0));
                _isScheduled = again;
            }

            halted?.ForEach(halt => halt.SetResult());
            Start(again, onCaller: false);
        }

        /// <summary>Takes the signals and, when the last commands are done, the next; lets waiting callers in.</summary>
        private void TakeWork()
        {
            lock (_gate)
            {
                (_signals, _turnSignals) = (_turnSignals, _signals);
                if (_turn.Count == 0)
                {
                    (_inbox, _turn) = (_turn, _inbox);
                    while (_inbox.Count < region._options.InboxCommandsPerShard && _waiters.First is { } first)
                    {
                        _inbox.Add(first.Value.Envelope);
                        _admitted.Add(first.Value);
                        first.Value.Node = null;
                        _waiters.RemoveFirst();
                    }
                }
            }

            foreach (Waiter waiter in _admitted)
            {
                waiter.Admit();
            }

            _admitted.Clear();
        }

        /// <summary>A caller that waits for room.</summary>
        private sealed class Waiter(Shard shard, Envelope envelope) : TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)
        {
            private CancellationTokenRegistration _registration;

            public Envelope Envelope => envelope;

            /// <summary>Place in the line; null once it left. Guarded by the shard's gate.</summary>
            public LinkedListNode<Waiter>? Node { get; set; }

            /// <summary>Joins the line. Called inside the gate, which the callback may enter again.</summary>
            public void Enter(LinkedList<Waiter> line, CancellationToken cancellation)
            {
                Node = line.AddLast(this);
                _registration = cancellation.UnsafeRegister(static (self, token) => ((Waiter)self!).Cancel(token), this);
            }

            public void Admit()
            {
                _registration.Unregister();
                TrySetResult(true);
            }

            private void Cancel(CancellationToken cancellation)
            {
                lock (shard._gate)
                {
                    if (Node is null)
                    {
                        return;
                    }

                    shard._waiters.Remove(Node);
                    Node = null;
                }

                TrySetCanceled(cancellation);
            }
        }
    }
}
