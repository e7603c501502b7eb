using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using Xunit;
using static SimplexActors.Actors.Tests.Queues.Expect;

namespace SimplexActors.Actors.Tests.Queues;

/// <summary>
/// Runs steps on a queue and checks every answer and event against what its clients know: which messages were
/// accepted and not yet removed, who is subscribed, and what each connection has to acknowledge.
/// </summary>
public sealed class QueueOracle
{
    private const int Quota = 3;
    private static readonly EntityId Service = EntityId.Random();
    private static readonly Received StoreFailed = Error(new StoreError("temporarily unavailable"));

    private readonly TestQueue _queue = new(options: new QueueOptions { QuotaMessages = Quota });
    private readonly List<(EntityId Id, bool IsMarker, DateTimeOffset Sent)> _stored = [];
    private readonly Peer[] _peers;
    private readonly Peer _holder;
    private Peer? _subscriber;
    private bool _isMailed;

    /// <summary>The queue belongs to the service.</summary>
    private bool _isServices;

    public QueueOracle(int connections) =>
        _peers =
        [
            .. Enumerable.Range(0, connections).Select(i => new Peer(new TestConnection($"connection {i}"))),
            _holder = new Peer(new TestConnection("service", Service)),
        ];

    public void Run(Step step)
    {
        _queue.NextCommit = step.Outcome;
        Peer peer = _peers[step.Connection];
        switch (step.Kind)
        {
            case StepKind.Send:
                Send();
                break;
            case StepKind.Sub:
                Sub(peer);
                break;
            case StepKind.Get:
                Get(peer);
                break;
            case StepKind.AckRight:
                Ack(peer, peer.Unacknowledged ?? EntityId.Random());
                break;
            case StepKind.AckEmpty:
                Ack(peer, EntityId.Empty);
                break;
            case StepKind.AckOther:
                Ack(peer, EntityId.Random());
                break;
            case StepKind.Join:
                _queue.Services.Publish(Service, _holder.Connection);
                break;
            case StepKind.Disconnect:
                Leave(peer);
                _queue.Tell(new QueueCommand.Disconnected(peer.Connection));
                Forget(peer);
                break;
            case StepKind.Wait:
                _queue.Now += TimeSpan.FromHours(7);
                break;
            case StepKind.Expire:
                Expire();
                break;
            case StepKind.BodyUnavailable:
                BodyUnavailable(peer);
                break;
            case StepKind.Passivate:
                _queue.Reload();
                break;
            case StepKind.Restart:
                Leave(_holder);
                _queue.Restart();
                Array.ForEach(_peers, Forget);
                break;
            default:
                Redeliver();
                _queue.Tell(QueueCommand.Recover.Instance);
                break;
        }

        _queue.NextCommit = CommitOutcome.Committed;
        Check();
    }

    /// <summary>A new subscriber receives all that is left, in order.</summary>
    public void Drain()
    {
        var last = new Peer(new TestConnection("last"));
        Sub(last);
        while (last.Unacknowledged is { } id)
        {
            Ack(last, id);
        }

        Check();
        Assert.Empty(_stored);
        _queue.Send();
        Assert.Single(Pushed(last.Connection.Take()));
    }

    private void Send()
    {
        CommitOutcome outcome = _queue.NextCommit;
        bool full = _stored.Any(m => m.IsMarker);
        bool over = _stored.Count == Quota;
        var id = EntityId.Random();
        bool mails = _isServices && _subscriber is null && _stored.Count == 0 && !_holder.UsedGet && _queue.Services.HolderOf(Service) is not null;
        Received answer = _queue.Do(new TestConnection("sender"), new SendCommand(false, new byte[1]), new FreshValues(id))[^1];
        bool lost = Lost(outcome);
        Assert.Equal(lost ? StoreFailed : full || over ? new Received.Answer(QuotaError) : Ok, answer);
        if (!full && !(lost && outcome is CommitOutcome.Failed))
        {
            _stored.Add((id, over, _queue.Now));
            Check();
            Assert.True(!mails || _subscriber == _holder);
        }
    }

    private void Sub(Peer peer)
    {
        CommitOutcome outcome = _queue.NextCommit;
        Received[] received = _queue.Do(peer.Connection, new SubCommand());
        bool lost = Lost(outcome);
        _isServices = lost && outcome is CommitOutcome.Failed || (!lost && peer.UsedGet) ? _isServices : peer == _holder;
        if (lost)
        {
            Assert.Equal(StoreFailed, received[0]);
            Hear(peer, received);
            return;
        }

        if (peer.UsedGet)
        {
            Assert.Equal([Prohibited], received);
            return;
        }

        Assert.Equal(peer == _holder ? new Received.Answer(new SokResponse(Service)) : Sok, received[^1]);
        if (_subscriber is { } previous && previous != peer)
        {
            Assert.Equal(Event(_queue.Id, EndResponse.Instance), previous.Connection.Take()[^1]);
            previous.Unacknowledged = null;
        }

        _subscriber = peer;
        peer.Unacknowledged = null;
        Hear(peer, received);
    }

    private void Get(Peer peer)
    {
        CommitOutcome outcome = _queue.NextCommit;
        Received[] received = _queue.Do(peer.Connection, new GetCommand());
        if (Lost(outcome))
        {
            Assert.Equal(StoreFailed, received[0]);
            Hear(peer, received);
            return;
        }

        if (peer == _subscriber)
        {
            Assert.Equal([Prohibited], received);
            return;
        }

        peer.UsedGet = true;
        peer.Unacknowledged = _stored.Count == 0 ? null : _stored[0].Id;
        Assert.Equal([_stored.Count == 0 ? Ok : new Received.Message(_stored[0].Id)], received);
    }

    private void Ack(Peer peer, EntityId id)
    {
        CommitOutcome outcome = _queue.NextCommit;
        bool matches = peer.Unacknowledged is { } unacknowledged && (id.IsEmpty || id == unacknowledged);
        Received[] received = _queue.Do(peer.Connection, new AckCommand(id));
        bool lost = Lost(outcome);
        if (lost)
        {
            Assert.Equal(StoreFailed, received[0]);
        }

        if (matches && !(lost && outcome is CommitOutcome.Failed) && _stored.Count > 0 && _stored[0].Id == id)
        {
            _stored.RemoveAt(0);
        }

        if (lost)
        {
            Hear(peer, received);
            return;
        }

        if (!matches)
        {
            Assert.Equal([NoMsg], received);
            return;
        }

        peer.Unacknowledged = null;
        if (peer == _subscriber && _stored.Count > 0)
        {
            Assert.Equal([new Received.Message(_stored[0].Id)], received);
            peer.Unacknowledged = _stored[0].Id;
        }
        else
        {
            Assert.Equal([Ok], received);
        }
    }

    private void Expire()
    {
        CommitOutcome outcome = _queue.NextCommit;
        DateTimeOffset olderThan = _queue.Now - TimeSpan.FromHours(1);
        _queue.Tell(new QueueCommand.Expire(olderThan.ToUnixTimeSeconds()));
        if (!Lost(outcome) || outcome is CommitOutcome.Unknown)
        {
            int kept = _stored.FindIndex(m => m.IsMarker || m.Sent >= olderThan);
            _stored.RemoveRange(0, kept < 0 ? _stored.Count : kept);
        }
    }

    private void BodyUnavailable(Peer peer)
    {
        if (peer.Unacknowledged is not { } id)
        {
            return;
        }

        CommitOutcome outcome = _queue.NextCommit;
        peer.Unacknowledged = null;
        _queue.Tell(new QueueCommand.BodyUnavailable(peer.Connection, id, Quarantined: true));
        bool lost = Lost(outcome);
        if (!lost || outcome is CommitOutcome.Unknown)
        {
            _stored.RemoveAll(m => m.Id == id);
        }

        if (lost && peer.UsedGet)
        {
            peer.Unacknowledged = id;
        }
    }

    /// <summary>Whether the commit was lost; then the queue was recovered, which delivers again.</summary>
    private bool Lost(CommitOutcome planned)
    {
        bool lost = planned is not CommitOutcome.Committed && _queue.NextCommit is CommitOutcome.Committed;
        if (lost)
        {
            Redeliver();
        }

        return lost;
    }

    private void Redeliver()
    {
        if (_subscriber is { } subscriber)
        {
            subscriber.Unacknowledged = null;
        }
    }

    private void Leave(Peer peer)
    {
        if (peer == _holder)
        {
            _queue.Services.Publish(Service, null);
        }
    }

    /// <summary>The holder does what mail asks for.</summary>
    private void Attach()
    {
        _isMailed = false;
        Assert.NotEmpty(_stored);
        Assert.True(_isServices && _subscriber is null);
        _queue.Tell(new QueueCommand.AttachService(_queue.Id, _holder.Connection, [], Answer: false));
        if (!_holder.UsedGet)
        {
            _subscriber = _holder;
        }

        Hear(_holder, _holder.Connection.Take());
    }

    private void Forget(Peer peer)
    {
        (peer.Unacknowledged, peer.UsedGet) = (null, false);
        _subscriber = _subscriber == peer ? null : _subscriber;
    }

    /// <summary>Takes message events: only the subscriber receives them, one at a time, always the first message.</summary>
    private void Hear(Peer peer, Received[] received)
    {
        _isMailed |= received.OfType<Received.Mail>().Any();
        foreach (EntityId id in Pushed(received))
        {
            Assert.Same(_subscriber, peer);
            Assert.Null(peer.Unacknowledged);
            Assert.Equal(_stored[0].Id, id);
            peer.Unacknowledged = id;
        }
    }

    private void Check()
    {
        Assert.Equal(_stored.Select(m => (m.Id, m.IsMarker)), _queue.Store.Messages.Select(m => (m.MessageId, m.IsQuotaMarker)));
        Assert.Equal(_stored.Select(m => m.Sent.ToUnixTimeSeconds()), _queue.Store.Messages.Select(m => m.Timestamp));
        foreach (Peer peer in _peers)
        {
            Hear(peer, peer.Connection.Take());
        }

        if (_isMailed)
        {
            Attach();
        }

        if (_subscriber is { Unacknowledged: null })
        {
            Assert.Empty(_stored);
        }
    }

    private sealed class Peer(TestConnection connection)
    {
        public TestConnection Connection { get; } = connection;

        public EntityId? Unacknowledged { get; set; }

        public bool UsedGet { get; set; }
    }
}
