using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Testing;

/// <summary>
/// What sender and recipient of one queue saw, and what that forbids. Messages are numbered in the order in which they
/// were sent. A command without an answer is in doubt: it may have taken effect or not, but it must not do both. Reports may
/// come from any thread; an answer may be reported after what followed it.
/// </summary>
/// <param name="name">Of the queue, for the verdict.</param>
public sealed class MessageOracle(string name)
{
    private readonly Lock _gate = new();
    private readonly List<Fate> _fates = [];
    private readonly List<string> _violations = [];
    private int _last = -1;
    private bool _mayRepeat;

    private enum Answer : byte
    {
        InDoubt,
        Confirmed,
        Refused,
    }

    private enum Acknowledgement : byte
    {
        None,
        InDoubt,
        Confirmed,
    }

    /// <summary>What went wrong; empty when nothing did.</summary>
    public IReadOnlyList<string> Violations
    {
        get
        {
            lock (_gate)
            {
                return [.. _violations];
            }
        }
    }

    /// <summary>Messages whose sender saw <c>OK</c>.</summary>
    public int ConfirmedCount
    {
        get
        {
            lock (_gate)
            {
                return _fates.Count(fate => fate.Sent == Answer.Confirmed);
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
            Fate fate = _fates[number];
            fate.Sent = Answer.Confirmed;
            Check(number > _last || fate.IsDelivered, $"{number} was confirmed and skipped");
        }
    }

    /// <summary>The router refused a message.</summary>
    public void Refuse(int number)
    {
        lock (_gate)
        {
            Fate fate = _fates[number];
            fate.Sent = Answer.Refused;
            Check(!fate.IsDelivered, $"{number} was refused and delivered");
        }
    }

    /// <summary>The recipient has a new connection: an unacknowledged message may come again.</summary>
    public void Reconnect()
    {
        lock (_gate)
        {
            _mayRepeat = true;
        }
    }

    /// <summary>A message came.</summary>
    /// <param name="number">As its body says.</param>
    /// <param name="id">The router's; the same whenever the message comes.</param>
    public void Deliver(int number, EntityId id)
    {
        lock (_gate)
        {
            if (number < 0 || number >= _fates.Count || _fates[number].Sent == Answer.Refused)
            {
                _violations.Add($"{name}: {number} came and was never accepted");
                return;
            }

            Fate fate = _fates[number];
            if (number < _last)
            {
                _violations.Add($"{name}: {number} came after {_last}" + (fate.IsDelivered ? ", a second time" : ""));
            }
            else if (number == _last)
            {
                Check(fate.Acknowledged != Acknowledgement.Confirmed, $"{number} came again after its acknowledgement was confirmed");
                Check(_mayRepeat, $"{number} came twice on one connection");
                Check(fate.Id == id, $"{number} came again with another id");
            }
            else
            {
                CheckPassedOver(number);
            }

            fate.IsDelivered = true;
            fate.Id = id;
            _last = Math.Max(_last, number);
            _mayRepeat = false;
        }
    }

    /// <summary>The recipient is about to acknowledge a message.</summary>
    public void Acknowledge(int number)
    {
        lock (_gate)
        {
            _fates[number].Acknowledged = Acknowledgement.InDoubt;
        }
    }

    /// <summary>The router confirmed an acknowledgement.</summary>
    public void ConfirmAcknowledgement(int number)
    {
        lock (_gate)
        {
            _fates[number].Acknowledged = Acknowledgement.Confirmed;
        }
    }

    /// <summary>The router says that the queue is empty.</summary>
    public void Drain()
    {
        lock (_gate)
        {
            CheckPassedOver(_fates.Count);
        }
    }

    /// <summary>Something that no client can explain, such as an error as answer.</summary>
    public void Report(string violation)
    {
        lock (_gate)
        {
            _violations.Add($"{name}: {violation}");
        }
    }

    /// <summary>Nothing between the last message that came and this place may have been confirmed and kept.</summary>
    private void CheckPassedOver(int place)
    {
        if (_last >= 0)
        {
            Check(_fates[_last].Acknowledged != Acknowledgement.None, $"{_last} was gone without an acknowledgement");
        }

        for (int i = _last + 1; i < place; i++)
        {
            Check(_fates[i].Sent != Answer.Confirmed, $"{i} was confirmed and lost");
        }
    }

    private void Check(bool holds, string otherwise)
    {
        if (!holds)
        {
            _violations.Add($"{name}: {otherwise}");
        }
    }

    private sealed class Fate
    {
        public Answer Sent { get; set; }

        public bool IsDelivered { get; set; }

        public Acknowledgement Acknowledged { get; set; }

        public EntityId Id { get; set; }
    }
}
