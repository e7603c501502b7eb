using SimplexActors.Actors.Cluster;
using SimplexActors.Actors.Cluster.Routing;
using SimplexActors.Actors.Connections;
using SimplexActors.Actors.Queues;
using SimplexActors.Actors.Queues.Remote;
using SimplexActors.Actors.Services;
using SimplexActors.Actors.Storage;
using SimplexActors.Actors.Tests.Cluster.Routing;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using Xunit;

namespace SimplexActors.Actors.Tests.Cluster.Travel;

/// <summary>Commands to queues, their answers and what connections are told, from one node to another.</summary>
public sealed class QueueTravelTests
{
    private static readonly NodeNumber Edge = new(7);
    private static readonly NodeNumber Owner = new(9);

    private readonly CapturingSession _session = new(Edge);
    private readonly QueueTranslator _edge;
    private readonly QueueTranslator _owner;
    private readonly LocalConnections _connections = new();
    private readonly List<(EntityId Queue, QueueCommand Command)> _gone = [];

    public QueueTravelTests()
    {
        var kind = new QueueKind(new QueueOptions());
        _edge = new QueueTranslator(kind, new LateMap(Edge, 4), _connections, new NoEffects(), (queue, command) => _gone.Add((queue, command)));
        _owner = new QueueTranslator(kind, new LateMap(Owner, 4), new LocalConnections(), new NoEffects(), (_, _) => { });
    }

    public static TheoryData<string> Commands() => [.. Samples().Keys];

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_arrives_as_it_was_told(string name)
    {
        QueueCommand command = Samples()[name];
        byte[] sent = Write(_edge, command);
        QueueCommand? arrived = _owner.Read(sent, Request());
        Assert.NotNull(arrived);
        Assert.Equal(command.GetType(), arrived.GetType());
        Assert.Equal(Show(command), Show(arrived));
        Assert.Equal(_edge.IsAnswered(command), _owner.RequestOf(arrived) is not null);
        Assert.Equal(_edge.Subscribes(command), _owner.Subscribes(arrived));
    }

    [Fact]
    public void Commands_of_all_kinds_are_here()
    {
        IEnumerable<Type> all = typeof(QueueCommand).GetNestedTypes().Where(type => !type.IsAbstract && type != typeof(QueueCommand.Recover));
        Assert.Equal(all.Select(type => type.Name).Order(), Samples().Values.Select(command => command.GetType().Name).Distinct().Order());
    }

    [Fact]
    public void Damaged_commands_are_refused_and_never_throw()
    {
        var random = new Random(5);
        foreach (QueueCommand command in Samples().Values)
        {
            byte[] sent = Write(_edge, command);
            for (int i = 0; i < 300; i++)
            {
                byte[] damaged = [.. sent.AsSpan(0, random.Next(sent.Length + 1))];
                for (int flips = random.Next(3); flips > 0 && damaged.Length > 0; flips--)
                {
                    damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
                }

                _owner.Read(damaged, Request());
                _edge.TryAnswer(command, damaged, Owner);
                _edge.TryTellConnection(1, damaged, Owner, _ => true);
            }
        }
    }

    [Fact]
    public void Answers_arrive_with_the_news_that_the_command_was_decided()
    {
        var target = new Target();
        var command = new QueueCommand.Client(EntityId.Random(), SubCommand.Instance, 1, 20, new Connection(), new ReplyTo(target, 3), FreshValues.None);
        var remote = (RemoteReply)((QueueCommand.Client)_owner.Read(Write(_edge, command), Request())!).ReplyTo.Target;
        foreach (SmpResponse response in new SmpResponse[] { OkResponse.Instance, SokResponse.Plain, new ErrResponse(StoreError.Unavailable), new ErrResponse(SmpError.Auth) })
        {
            remote.Reply(0, response);
            Assert.True(_edge.TryAnswer(command, _session.Take(), Owner));
            Assert.Equal(("decided 3", $"{response}"), (target.Told[^2], target.Told[^1]));
        }

        foreach (ReadOnlyMemory<byte>? body in new ReadOnlyMemory<byte>?[] { null, Array.Empty<byte>(), new byte[] { 1, 2, 3 } })
        {
            var delivery = new Delivery(EntityId.Random(), Storage.Samples.Header(8), Storage.Samples.Secret(), body);
            remote.ReplyMessage(0, delivery);
            Assert.True(_edge.TryAnswer(command, _session.Take(), Owner));
            AssertSame(delivery, target.Message!);
        }

        remote.Stale(0);
        Assert.True(_edge.TryAnswer(command, _session.Take(), Owner));
        Assert.Equal("stale 3", target.Told[^1]);
        (EntityId link, EntityId sender) = (EntityId.Random(), EntityId.Random());
        remote.ReplyLink(0, link, sender);
        Assert.True(_edge.TryAnswer(command, _session.Take(), Owner));
        Assert.Equal((link, sender), target.Link);
    }

    [Fact]
    public void Keys_and_operators_get_their_answers()
    {
        var target = new Target();
        var keys = new QueueKeys(EntityId.Random(), 5, [Storage.Samples.Key(), Storage.Samples.Key(KeyAlgorithm.Ed25519)], Storage.Samples.Key(), null, QueueMode.Contact);
        var get = new QueueCommand.GetKeys(target);
        var remote = (RemoteReply)((QueueCommand.GetKeys)_owner.Read(Write(_edge, get), Request())!).ReplyTo;
        remote.Keys(keys);
        Assert.True(_edge.TryAnswer(get, _session.Take(), Owner));
        Assert.Equal(keys with { RecipientKeys = [] }, target.Keys_! with { RecipientKeys = [] });
        Assert.Equal(keys.RecipientKeys, target.Keys_!.RecipientKeys);
        remote.Keys(null);
        Assert.True(_edge.TryAnswer(get, _session.Take(), Owner));
        Assert.Null(target.Keys_);

        var inspect = new QueueCommand.Inspect(target);
        QueueRecord record = Record();
        ((RemoteReply)((QueueCommand.Inspect)_owner.Read(Write(_edge, inspect), Request())!).ReplyTo).Done(record, null, 12);
        Assert.True(_edge.TryAnswer(inspect, _session.Take(), Owner));
        Assert.Equal(12, target.Messages);
        Assert.Null(target.After);
        Assert.Equal(Show(record), Show(target.Before!));
    }

    [Fact]
    public void A_connection_hears_what_its_stand_in_is_told()
    {
        var connection = new Connection();
        connection.Number = _connections.Add(connection);
        var command = new QueueCommand.Client(EntityId.Random(), SubCommand.Instance, 1, 20, connection, new ReplyTo(new Target(), 0), FreshValues.None);
        ISubscriber standIn = ((QueueCommand.Client)_owner.Read(Write(_edge, command), Request())!).Subscriber;
        Assert.Equal(connection.ServiceId, standIn.ServiceId);
        var member = Assert.IsType<IServiceSubscriber>(standIn, exactMatch: false);
        (EntityId a, EntityId b) = (EntityId.Random(), EntityId.Random());
        StoredNotification notification = Storage.Samples.Notification();
        Action<IServiceSubscriber>[] told =
        [
            to => to.Notify(a, b, notification),
            to => to.NotifyStored(a, b),
            to => to.Event(a, DeldResponse.Instance, keep: true, 44),
            to => to.Subscribed(a, b, 1L << 40),
            to => to.Renewed(RenewedUse.Notifications, a, b, 6, failed: true),
            to => to.Remembered(a),
            to => to.Joined(subscribed: true, 8),
            to => to.Ended(new ServiceQueues(3, new EntityId(new byte[16]))),
            to => to.Ended(null),
            to => to.Mail(a, connection),
            to => to.NotifierMail(a, b),
            to => to.Attached(a, b, 9),
            to => to.AttachAnswered(a, failed: true),
            to => to.Taken(b),
        ];
        foreach (Action<IServiceSubscriber> tell in told)
        {
            tell(member);
            Assert.True(_edge.TryTellConnection(connection.Number, _session.Take(), Owner, _ => true));
            string heard = connection.Told[^1];
            tell(connection);
            Assert.Equal(connection.Told[^1], heard);
        }

        var delivery = new Delivery(a, Storage.Samples.Header(8), Storage.Samples.Secret(), new byte[] { 5 });
        standIn.Deliver(delivery);
        Assert.True(_edge.TryTellConnection(connection.Number, _session.Take(), Owner, _ => true));
        AssertSame(delivery, connection.Delivered!);
        _session.PostedBytes = RoutingLimits.PostedBytesWithBodies + 1;
        standIn.Deliver(delivery);
        Assert.True(_edge.TryTellConnection(connection.Number, _session.Take(), Owner, _ => true));
        Assert.Null(connection.Delivered!.Body);
    }

    [Fact]
    public void One_connection_has_one_stand_in_per_session()
    {
        var command = new QueueCommand.Renew(EntityId.Random(), EntityId.Random(), new Connection { Number = 3 }, new KnownSubscription(RenewedUse.Messages, 1, null));
        byte[] sent = Write(_edge, command);
        ReturnPath path = Path();
        QueueCommand.Renew Read(ReturnPath way) => (QueueCommand.Renew)_owner.Read(sent, new RemoteRequest(way, 1, 0))!;
        ISubscriber first = Read(path).Subscriber;
        Assert.Same(first, Read(path).Subscriber);
        ISubscriber later = Read(Path()).Subscriber;
        Assert.NotSame(first, later);
        Assert.True(first.IsSameAs(later));
    }

    [Fact]
    public void What_a_former_owner_says_is_not_heard()
    {
        var connection = new Connection();
        connection.Number = _connections.Add(connection);
        new RemoteConnection(Edge, connection.Number, Path(), null).NotifyStored(EntityId.Random(), EntityId.Random());
        Assert.True(_edge.TryTellConnection(connection.Number, _session.Take(), Owner, _ => false));
        Assert.Empty(connection.Told);
    }

    [Fact]
    public void A_queue_that_tells_a_connection_which_ended_hears_of_the_end()
    {
        EntityId queue = EntityId.Random();
        new RemoteConnection(Edge, 99, Path(), null).NotifyStored(queue, EntityId.Random());
        Assert.True(_edge.TryTellConnection(99, _session.Take(), Owner, _ => true));
        (EntityId told, QueueCommand command) = Assert.Single(_gone);
        Assert.Equal(queue, told);
        var gone = Assert.IsType<QueueCommand.Disconnected>(_owner.Read(Write(_edge, command), Request()));
        Assert.True(gone.Subscriber.IsSameAs(new RemoteConnection(Edge, 99, Path(), null)));
    }

    [Fact]
    public void Stand_ins_of_one_connection_are_the_same_and_those_of_an_ended_session_are_found()
    {
        ISubscriber one = new RemoteConnection(Edge, 5, Path(), null);
        Assert.True(one.IsSameAs(new RemoteConnection(Edge, 5, null, null)));
        Assert.False(one.IsSameAs(new RemoteConnection(Edge, 6, null, null)));
        Assert.False(one.IsSameAs(new RemoteConnection(Owner, 5, null, null)));
        var ended = Assert.IsType<QueueCommand.Disconnected>(_owner.Detach(new QueueConnections { Subscriber = one }, _session));
        Assert.True(ended.Subscriber.IsSameAs(one));
        Assert.True(one.IsSameAs(ended.Subscriber));
        Assert.Null(_owner.Detach(new QueueConnections { Subscriber = one }, new CapturingSession(Edge)));
        Assert.Null(_owner.Detach(new QueueConnections { Subscriber = new Connection() }, _session));
    }

    private ReturnPath Path() => new(_session, 1, 4);

    private RemoteRequest Request() => new(Path(), 1, 0);

    private static byte[] Write(QueueTranslator translator, QueueCommand command)
    {
        var writer = new WireWriter(new byte[RoutingLimits.MessageBytes]);
        translator.Write(ref writer, command);
        Assert.False(writer.Overflowed);
        return writer.Written.ToArray();
    }

    private static QueueRecord Record() => Storage.Samples.Queue() with
    {
        SenderKey = Storage.Samples.Key(),
        Mode = QueueMode.Messaging,
        Link = Storage.Samples.Link(),
        Notifier = Storage.Samples.Notifier() with { ServiceId = EntityId.Random() },
        Status = new QueueStatus.Blocked(new BlockingInfo(BlockingReason.Spam, new ClientNotice(60))),
        UpdatedDay = 20_000,
        ServiceId = EntityId.Random(),
        KeysVersion = 77,
    };

    private static Dictionary<string, QueueCommand> Samples()
    {
        var connection = new Connection { Number = 12 };
        var other = new Connection { Number = 13 };
        var target = new Target();
        QueueRecord record = Record();
        var ids = new IdsResponse(record.RecipientId, record.SenderId, Storage.Samples.Key(), QueueMode.Contact, EntityId.Random(), null, new NotifierIds(EntityId.Random(), Storage.Samples.Key()));
        QueueNotifier notifier = Storage.Samples.Notifier();
        var to = new ReplyTo(target, 0);
        return new()
        {
            ["keys"] = new QueueCommand.GetKeys(target),
            ["create"] = new QueueCommand.Create(record, Storage.Samples.Blobs(), connection, to, ids),
            ["create alone"] = new QueueCommand.Create(Storage.Samples.Queue(), null, null, to, ids with { Notifier = null, Mode = null, LinkId = null }),
            ["send"] = new QueueCommand.Client(EntityId.Random(), new SendCommand(true, Storage.Samples.Bytes(16_000)), 3, 6, connection, to, new FreshValues(EntityId.Random(), EntityId.Random())),
            ["ack"] = new QueueCommand.Client(EntityId.Random(), new AckCommand(EntityId.Random()), 3, 20, connection, to, FreshValues.None)
            {
                Known = new KnownSubscription(RenewedUse.Messages, 5, EntityId.Random()),
            },
            ["nkey"] = new QueueCommand.Client(
                EntityId.Random(),
                new NkeyCommand(notifier.Key, Storage.Samples.Key()),
                3,
                20,
                connection,
                to,
                new FreshValues(Notifier: new FreshNotifier(notifier, new NotifierIds(notifier.NotifierId, Storage.Samples.Key())))),
            ["rkey"] = new QueueCommand.Client(EntityId.Random(), new RkeyCommand([.. Enumerable.Range(0, 255).Select(_ => Storage.Samples.Key())]), 3, 20, connection, to, FreshValues.None),
            ["lset"] = new QueueCommand.Client(EntityId.Random(), new LsetCommand(EntityId.Random(), Storage.Samples.Blobs(13_000)), 3, 20, connection, to, FreshValues.None),
            ["disconnected"] = new QueueCommand.Disconnected(connection, IsOver: false) { UpTo = 1234 },
            ["attach"] = new QueueCommand.AttachService(EntityId.Random(), connection, [other, connection], Answer: true) { IsRenewal = true },
            ["attach notifier"] = new QueueCommand.AttachNotifier(EntityId.Random(), connection, [], Answer: false),
            ["unavailable"] = new QueueCommand.BodyUnavailable(connection, EntityId.Random(), Quarantined: true),
            ["notification"] = new QueueCommand.StoreNotification(EntityId.Random(), Storage.Samples.Notification(), connection),
            ["notification kept"] = new QueueCommand.StoreNotification(EntityId.Random(), Storage.Samples.Notification()),
            ["delivered"] = new QueueCommand.NotificationsDelivered(EntityId.Random()),
            ["expire"] = new QueueCommand.Expire(1_700_000_000),
            ["collect"] = new QueueCommand.Collect(new UnusedSince(1, 2), 3),
            ["renew"] = new QueueCommand.Renew(EntityId.Random(), EntityId.Random(), connection, new KnownSubscription(RenewedUse.Notifications, 1L << 50, null)),
            ["block"] = new QueueCommand.Block(new BlockingInfo(BlockingReason.Content), target),
            ["unblock"] = new QueueCommand.Unblock(target),
            ["inspect"] = new QueueCommand.Inspect(target),
            ["remove"] = new QueueCommand.Remove(target),
        };
    }

    /// <summary>Everything of a command but objects that stand for something else on another node.</summary>
    private static string Show(object? value) => value switch
    {
        null => "null",
        EntityId id => Convert.ToHexString(id.Bytes),
        ReadOnlyMemory<byte> bytes => Convert.ToHexString(bytes.Span),
        PublicKey key => Convert.ToHexString(key.Spki),
        ISubscriber connection => $"connection {connection.Number}",
        IReplyTarget or IKeysReply or IOperatorReply => "target",
        string text => text,
        System.Collections.IEnumerable many => $"[{string.Join(' ', many.Cast<object>().Select(Show))}]",
        _ when value.GetType().IsPrimitive || value.GetType().IsEnum => $"{value}",
        _ => $"{value.GetType().Name}({string.Join(", ", value.GetType().GetProperties().Where(property => property.GetIndexParameters().Length == 0 && !property.GetMethod!.IsStatic).Select(property => $"{property.Name}={Show(property.GetValue(value))}"))})",
    };

    private static void AssertSame(Delivery expected, Delivery actual) => Assert.Equal(Show(expected), Show(actual));

    private sealed class NoEffects : Actors.Engine.IEffectPerformer<QueueEffect>
    {
        public void Perform(in EntityId entityId, QueueEffect effect) => throw new InvalidOperationException("Nothing is refused here.");
    }

    private sealed class Target : IReplyTarget, IKeysReply, IOperatorReply
    {
        public List<string> Told { get; } = [];

        public Delivery? Message { get; private set; }

        public (EntityId, EntityId) Link { get; private set; }

        public QueueKeys? Keys_ { get; private set; }

        public QueueRecord? Before { get; private set; }

        public QueueRecord? After { get; private set; }

        public int Messages { get; private set; }

        public void Reply(int slot, SmpResponse response) => Told.Add($"{response}");

        public void ReplyMessage(int slot, Delivery delivery) => Message = delivery;

        public void ReplyLink(int slot, EntityId linkId, EntityId senderId) => Link = (linkId, senderId);

        public void Stale(int slot) => Told.Add($"stale {slot}");

        public void Decided(int slot) => Told.Add($"decided {slot}");

        public void Keys(QueueKeys? keys) => Keys_ = keys;

        public void Done(QueueRecord? before, QueueRecord? after, int messages) => (Before, After, Messages) = (before, after, messages);

        public void Failed() => Told.Add("failed");
    }

    private sealed class Connection : IServiceSubscriber
    {
        public long Number { get; set; }

        public EntityId? ServiceId { get; } = EntityId.Random();

        public List<string> Told { get; } = [];

        public Delivery? Delivered { get; private set; }

        public void Deliver(Delivery delivery) => Delivered = delivery;

        public void Notify(EntityId recipientId, EntityId notifierId, StoredNotification notification) => Note(recipientId, notifierId, notification);

        public void NotifyStored(EntityId recipientId, EntityId notifierId) => Note(recipientId, notifierId);

        public void Event(EntityId entityId, SmpResponse response, bool keep, long epoch) => Note(entityId, response.GetType().Name, keep, epoch);

        public void Subscribed(EntityId recipientId, EntityId entityId, long epoch) => Note(recipientId, entityId, epoch);

        public void Renewed(RenewedUse use, EntityId recipientId, EntityId entityId, long epoch, bool failed) => Note(use, recipientId, entityId, epoch, failed);

        public void Remembered(EntityId recipientId) => Note(recipientId);

        public void Joined(bool subscribed, long epoch) => Note(subscribed, epoch);

        public void Ended(ServiceQueues? counters) => Note(counters);

        public void Mail(EntityId recipientId, ISubscriber? lost = null) => Note(recipientId, lost);

        public void NotifierMail(EntityId recipientId, EntityId notifierId) => Note(recipientId, notifierId);

        public void Attached(EntityId recipientId, EntityId entityId, long epoch) => Note(recipientId, entityId, epoch);

        public void AttachAnswered(EntityId entityId, bool failed) => Note(entityId, failed);

        public void Taken(EntityId entityId) => Note(entityId);

        private void Note(params object?[] values) => Told.Add(string.Join(' ', values.Select(Show)));
    }
}
