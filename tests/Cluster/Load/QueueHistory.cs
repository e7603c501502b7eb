namespace SimplexActors.Cluster.Load;

/// <summary>
/// The oracle of one queue whose clients change between nodes. Its sender waits for the answer to a message, or gives it up,
/// before it sends the next. A message that was given up is in doubt: it may take effect never or late, on a node that was
/// frozen or cut off - but once, and what is confirmed keeps its order. Reports may come from any thread.
/// </summary>
/// <param name="name">Of the queue, for the verdict.</param>
/// <param name="time">The clock.</param>
internal sealed class QueueHistory(string name, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<Fate> _fates = [];
    private readonly List<int> _deliveries = [];
    private readonly List<string> _duplicates = [];
    private readonly List<string> _others = [];
    private readonly List<Expectation> _expectations = [];
    private int _acknowledged;
    private int _settled;
    private int _ended;
    private int _backlog;

    private enum Answer : byte
    {
        InDoubt,
        Confirmed,
        Refused,
    }

    /// <summary>Whether everything that was confirmed was delivered.</summary>
    public bool IsDrained
    {
        get
        {
            lock (_gate)
            {
                return _fates.TrueForAll(fate => fate.Sent != Answer.Confirmed || fate.IsDelivered);
            }
        }
    }

    /// <summary>Confirmed messages that were not delivered yet.</summary>
    public int Backlog
    {
        get
        {
            lock (_gate)
            {
                return _backlog;
            }
        }
    }

    /// <summary>How many acknowledgements were confirmed.</summary>
    public int Acknowledged
    {
        get
        {
            lock (_gate)
            {
                return _acknowledged;
            }
        }
    }

    /// <summary>The next message is about to be sent; returns its number.</summary>
    public int Send()
    {
        lock (_gate)
        {
            _fates.Add(new Fate());
            return _fates.Count - 1;
        }
    }

    /// <summary>The router confirmed a message.</summary>
    public void Confirm(int number)
    {
        lock (_gate)
        {
            _fates[number].Sent = Answer.Confirmed;
            _backlog += _fates[number].IsDelivered ? 0 : 1;
            Fulfil(number);
        }
    }

    /// <summary>The router refused a message.</summary>
    public void Refuse(int number)
    {
        lock (_gate)
        {
            _fates[number].Sent = Answer.Refused;
        }
    }

    /// <summary>A message came. Reported as it comes, before anything that came behind it.</summary>
    /// <param name="number">As its body says.</param>
    public void Deliver(int number)
    {
        lock (_gate)
        {
            if (number < 0 || number >= _fates.Count)
            {
                _others.Add($"{name}: {number} came and was never sent");
                return;
            }

            Fate fate = _fates[number];
            if (fate.Acknowledgement is { } acknowledgement && acknowledgement <= _settled)
            {
                _duplicates.Add($"{name}: {number} came again after its acknowledgement was confirmed");
            }

            if (!fate.IsDelivered)
            {
                fate.IsDelivered = true;
                _backlog -= fate.Sent == Answer.Confirmed ? 1 : 0;
                _deliveries.Add(number);
            }

            Fulfil(number);
        }
    }

    /// <summary>The router confirmed an acknowledgement.</summary>
    public void ConfirmAcknowledgement(int number)
    {
        lock (_gate)
        {
            _acknowledged++;
            if (_fates[number].Acknowledgement is not null)
            {
                _duplicates.Add($"{name}: the acknowledgement of {number} was confirmed twice");
            }

            _fates[number].Acknowledgement ??= _acknowledged;
        }
    }

    /// <summary>
    /// All messages were reported that the router sent before it confirmed the first acknowledgements. Answers and messages reach
    /// a client on two ways: until then a message that is reported after the answer may have come before it.
    /// </summary>
    /// <param name="acknowledgements">How many; see <see cref="Acknowledged"/>.</param>
    public void Settle(int acknowledgements)
    {
        lock (_gate)
        {
            _settled = Math.Max(_settled, acknowledgements);
        }
    }

    /// <summary>The newest subscription was ended.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended++;
        }
    }

    /// <summary>Something that no client can explain, such as an error as answer.</summary>
    public void Report(string violation)
    {
        lock (_gate)
        {
            _others.Add($"{name}: {violation}");
        }
    }

    /// <summary>Completes when a message that is sent from now on was confirmed and delivered; the time it took.</summary>
    public Task<TimeSpan> ServedAsync()
    {
        lock (_gate)
        {
            var expectation = new Expectation(_fates.Count, time.GetTimestamp());
            _expectations.Add(expectation);
            return expectation.Fulfilled.Task;
        }
    }

    /// <summary>What happened, once everything that was to come has come.</summary>
    public QueueVerdict Judge()
    {
        lock (_gate)
        {
            int[] lost = [.. Numbers(fate => fate.Sent == Answer.Confirmed && !fate.IsDelivered)];
            int[] reordered = [.. Overtaken()];
            string[] others =
            [
                .. _others,
                .. lost.Select(number => $"{name}: {number} was confirmed and lost"),
                .. reordered.Select(number => $"{name}: {number} came after one that was confirmed later"),
                .. Numbers(fate => fate.Sent == Answer.Refused && fate.IsDelivered).Select(number => $"{name}: {number} was refused and delivered"),
                .. _duplicates,
            ];
            return new QueueVerdict(
                Numbers(fate => fate.Sent == Answer.Confirmed).Count(), Numbers(fate => fate.Sent == Answer.InDoubt).Count(),
                lost.Length, _duplicates.Count, reordered.Length, _ended, others);
        }
    }

    private IEnumerable<int> Numbers(Predicate<Fate> which) => Enumerable.Range(0, _fates.Count).Where(number => which(_fates[number]));

    private IEnumerable<int> Overtaken()
    {
        int last = -1;
        foreach (int number in _deliveries.Where(number => _fates[number].Sent == Answer.Confirmed))
        {
            if (number < last)
            {
                yield return number;
            }

            last = Math.Max(last, number);
        }
    }

    private void Fulfil(int number)
    {
        if (_expectations.Count > 0 && _fates[number] is { Sent: Answer.Confirmed, IsDelivered: true })
        {
            foreach (Expectation expectation in _expectations.Where(one => number >= one.From))
            {
                expectation.Fulfilled.TrySetResult(time.GetElapsedTime(expectation.Since));
            }

            _expectations.RemoveAll(one => number >= one.From);
        }
    }

    private sealed class Fate
    {
        public Answer Sent { get; set; }

        public bool IsDelivered { get; set; }

        /// <summary>Which of the confirmed acknowledgements was the first of this message, from 1 on.</summary>
        public int? Acknowledgement { get; set; }
    }

    private sealed record Expectation(int From, long Since)
    {
        public TaskCompletionSource<TimeSpan> Fulfilled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
