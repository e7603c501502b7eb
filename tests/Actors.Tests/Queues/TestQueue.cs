using System.Collections.Immutable;
using System.Security.Cryptography;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Services;
using SimplexActors.Actors.Statistics;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;
using Xunit;

namespace SimplexActors.Actors.Tests.Queues;

/// <summary>
/// A queue driven by its decisions alone: changes go to a model store, effects to the test's connections.
/// After every decision the state must equal what is stored and keep its invariants.
/// </summary>
public sealed class TestQueue
{
    private readonly QueueKind _kind;
    private readonly QueueEffects _effects;

    public TestQueue(QueueMode? mode = QueueMode.Messaging, QueueOptions? options = null, TestConnection? creator = null, LinkData? link = null)
    {
        _kind = new QueueKind(options ?? new QueueOptions());
        _effects = new QueueEffects(Services, Statistics);
        var record = new QueueRecord
        {
            RecipientId = EntityId.Random(),
            SenderId = EntityId.Random(),
            RecipientKeys = [NewKey()],
            DhSecret = [.. RandomNumberGenerator.GetBytes(32)],
            Mode = mode,
            ServiceId = creator?.ServiceId,
            Link = link is null ? null : new QueueLink(EntityId.Random(), new EntityId(SHA256.HashData(link.Fixed.Span))),
        };
        Id = record.RecipientId;
        SenderId = record.SenderId;
        Ids = new IdsResponse(Id, SenderId, NewKey(KeyAlgorithm.X25519), mode, record.Link?.LinkId, null, null);
        var owner = new TestConnection("creator");
        Tell(new QueueCommand.Create(record, link, creator, (creator ?? owner).NextReply(), Ids));
        Assert.Equal([new Received.Answer(Ids)], (creator ?? owner).Take());
    }

    public EntityId Id { get; }

    public EntityId SenderId { get; }

    public EntityId LinkId => Record.Link!.LinkId;

    public EntityId NotifierId => Record.Notifier!.NotifierId;

    public IdsResponse Ids { get; }

    public ModelStore Store { get; } = new();

    /// <summary>Who holds services.</summary>
    public ServiceDirectory Services { get; } = new();

    public DateTimeOffset Now { get; set; } = new(2031, 5, 6, 7, 8, 9, TimeSpan.Zero);

    public QueueState? State { get; private set; }

    public QueueRecord Record => State!.Record;

    /// <summary>How the commit of the next decision that changes something ends; <see cref="CommitOutcome.Unknown"/> means stored.</summary>
    public CommitOutcome NextCommit { get; set; } = CommitOutcome.Committed;

    /// <summary>What the decisions counted.</summary>
    public RouterStatistics Statistics { get; } = new(DateTimeOffset.UnixEpoch);

    /// <summary>Effects of the last decision, but for what it counted.</summary>
    public ImmutableArray<QueueEffect> LastEffects { get; private set; }

    /// <summary>What the last decision would have done had the store found an id taken.</summary>
    public ImmutableArray<QueueEffect> LastConflict { get; private set; }

    /// <summary>Changes of the last decision.</summary>
    public ImmutableArray<QueueChange> LastChanges { get; private set; }

    public static PublicKey NewKey(KeyAlgorithm algorithm = KeyAlgorithm.Ed25519) =>
        PublicKey.FromRaw(algorithm, RandomNumberGenerator.GetBytes(PublicKey.RawLength(algorithm)));

    /// <summary>Tells a client's command under the id that the command takes, and returns what its connection received.</summary>
    public Received[] Do(TestConnection by, SmpCommand command, FreshValues? fresh = null, ushort version = 20, EntityId? entityId = null, long? keysVersion = null)
    {
        by.Log.Clear();
        Tell(new QueueCommand.Client(
            entityId ?? IdFor(command.Tag),
            command,
            keysVersion ?? State?.Record.KeysVersion ?? 1,
            version,
            by,
            by.NextReply(),
            fresh ?? FreshValues.None));
        return by.Take();
    }

    /// <summary>Sends a message and returns its id; the answer must be <paramref name="answer"/>, or <c>OK</c>.</summary>
    public EntityId Send(bool notify = false, ReadOnlyMemory<byte> body = default, SmpResponse? answer = null, TestConnection? by = null)
    {
        var fresh = new FreshValues(EntityId.Random(), EntityId.Random());
        TestConnection sender = by ?? new TestConnection("sender");
        Received[] received = Do(sender, new SendCommand(notify, body), fresh);
        Assert.Equal(new Received.Answer(answer ?? OkResponse.Instance), received[^1]);
        return fresh.MessageId;
    }

    /// <summary>Enables notifications and returns the answer.</summary>
    public NotifierIds EnableNotifications(TestConnection by)
    {
        var answer = new NotifierIds(EntityId.Random(), NewKey(KeyAlgorithm.X25519));
        var stored = new QueueNotifier(answer.NotifierId, NewKey(), [.. RandomNumberGenerator.GetBytes(32)]);
        Received[] received = Do(
            by,
            new NkeyCommand(stored.Key, NewKey(KeyAlgorithm.X25519)),
            new FreshValues(Notifier: new FreshNotifier(stored, answer)));
        Assert.Equal(new Received.Answer(new NidResponse(answer)), received[^1]);
        return answer;
    }

    /// <summary>Tells any command and performs its effects.</summary>
    public void Tell(QueueCommand command)
    {
        QueueState? before = State;
        Decision<QueueState, QueueChange, QueueEffect> decision = _kind.Decide(Id, State, command, Now);
        if (!decision.Changes.IsEmpty && NextCommit is not CommitOutcome.Committed)
        {
            Lose(command, decision, before);
            return;
        }

        State = decision.State;
        (LastChanges, LastEffects, LastConflict) = (decision.Changes, WithoutCounts(decision.Effects), decision.OnConflict);
        foreach (QueueChange change in decision.Changes)
        {
            Store.Apply(change);
        }

        Check();
        _kind.Decided(command, decision.Effects);
        foreach (QueueEffect effect in decision.Effects)
        {
            _effects.Perform(Id, effect);
        }
    }

    private static ImmutableArray<QueueEffect> WithoutCounts(ImmutableArray<QueueEffect> effects) =>
        effects.RemoveAll(effect => effect is QueueEffect.Count or QueueEffect.CountAckTime);

    /// <summary>What the engine promises to do with a decision that was not committed.</summary>
    private void Lose(QueueCommand command, Decision<QueueState, QueueChange, QueueEffect> decision, QueueState? before)
    {
        foreach (QueueChange change in NextCommit is CommitOutcome.Unknown ? decision.Changes : [])
        {
            Store.Apply(change);
        }

        NextCommit = CommitOutcome.Committed;
        _kind.Decided(command, decision.Effects);
        foreach (QueueEffect effect in _kind.Refuse(Id, command, Refusal.StoreFailed))
        {
            _effects.Perform(Id, effect);
        }

        State = _kind.Activate(Id, Store.Row, before is null ? null : _kind.Residue(before));
        Tell(_kind.Recovery);
    }

    /// <summary>Passivates the queue and loads it again.</summary>
    public void Reload() => State = _kind.Activate(Id, Store.Row, State is null ? null : _kind.Residue(State));

    /// <summary>Loses all connections and loads the queue again.</summary>
    public void Restart() => State = _kind.Activate(Id, Store.Row, null);

    private EntityId IdFor(SmpCommandTag tag) => tag switch
    {
        SmpCommandTag.SEND or SmpCommandTag.SKEY => SenderId,
        SmpCommandTag.LKEY or SmpCommandTag.LGET => LinkId,
        SmpCommandTag.NSUB => NotifierId,
        _ => Id,
    };

    private void Check()
    {
        Assert.Equal(State?.Record, Store.Record);
        CheckServices();
        if (State is null)
        {
            return;
        }

        Assert.Equal(State.Messages, Store.Messages);
        Assert.DoesNotContain(State.Messages.SkipLast(1), m => m.IsQuotaMarker);
        QueueConnections connections = State.Connections;
        Assert.True(connections.Subscriber is not null || connections.Delivered is null);
        Assert.True(connections.NotifierSubscriber is null || State.Record.Notifier is not null);
        Assert.Equal(connections.Getters.Length, connections.Getters.Select(g => g.Subscriber).Distinct().Count());
        if (connections.Subscriber is not null && connections.Delivered is null && State.Record.Status is not QueueStatus.Blocked)
        {
            Assert.Empty(State.Messages);
        }
    }

    /// <summary>The store counts exactly what the record says (S-323).</summary>
    private void CheckServices()
    {
        var expected = new List<(EntityId, EntityId)>();
        if (State?.Record.ServiceId is { } service)
        {
            expected.Add((service, Id));
        }

        if (State?.Record.Notifier is { ServiceId: { } notifierService } notifier)
        {
            expected.Add((notifierService, notifier.NotifierId));
        }

        Assert.Equal(expected.ToHashSet(), Store.Counted.ToHashSet());
    }
}
