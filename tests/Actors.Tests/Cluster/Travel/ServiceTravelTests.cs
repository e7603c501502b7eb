using SimplexActors.Actors.Cluster;
using SimplexActors.Actors.Cluster.Routing;
using SimplexActors.Actors.Connections;
using SimplexActors.Actors.Services;
using SimplexActors.Actors.Services.Remote;
using SimplexActors.Actors.Tests.Cluster.Routing;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;
using Xunit;

namespace SimplexActors.Actors.Tests.Cluster.Travel;

/// <summary>Commands to services and their answers, from one node to another.</summary>
public sealed class ServiceTravelTests
{
    private static readonly NodeNumber Edge = new(7);
    private static readonly NodeNumber Owner = new(9);

    private readonly CapturingSession _session = new(Edge);
    private readonly List<(EntityId Service, ServiceCommand Command)> _again = [];
    private readonly ServiceTranslator _edge;
    private readonly ServiceTranslator _owner = new(new LateMap(Owner, 4), new LocalConnections(), (_, _) => { });

    public ServiceTravelTests() => _edge = new(new LateMap(Edge, 4), new LocalConnections(), (service, command) => _again.Add((service, command)));

    public static TheoryData<string> Commands() => [.. Samples(new Reply()).Select(command => command.GetType().Name)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_travels_there_and_back(string name)
    {
        ServiceCommand command = Samples(new Reply()).Single(sample => sample.GetType().Name == name);
        byte[] sent = Write(_edge, command);
        ServiceCommand? arrived = _owner.Read(sent, Request());
        Assert.NotNull(arrived);
        Assert.Equal(command.GetType(), arrived.GetType());
        Assert.Equal(_edge.IsAnswered(command), _owner.RequestOf(arrived) is not null);
        Assert.Equal(_edge.Subscribes(command), _owner.Subscribes(arrived));

        // Written by the owner, references name the edge's node instead of 0: in the same places, with the same length.
        byte[] again = Write(_owner, arrived);
        Assert.Equal(sent.Length, again.Length);
        Assert.InRange(sent.Zip(again).Count(pair => pair.First != pair.Second), 0, 1);
    }

    [Fact]
    public void Commands_of_all_kinds_are_here()
    {
        IEnumerable<Type> all = typeof(ServiceCommand).GetNestedTypes().Where(type => !type.IsAbstract && type != typeof(ServiceCommand.Recover));
        Assert.Equal(all.Select(type => type.Name).Order(), Samples(new Reply()).Select(command => command.GetType().Name).Order());
    }

    [Fact]
    public void Answers_name_the_connections_that_lost_the_service()
    {
        var reply = new Reply();
        var connection = new RemoteConnection(Edge, 4, null, EntityId.Random());
        var command = new ServiceCommand.Subscribe(connection, new ServiceQueues(1, new EntityId(new byte[16])), reply);
        var arrived = (ServiceCommand.Subscribe)_owner.Read(Write(_edge, command), Request())!;
        var lost = new RemoteConnection(new NodeNumber(8), 33, null, null);
        arrived.ReplyTo.Answer(new ServiceAnswer(ServiceOutcome.Done, [lost]));
        Assert.True(_edge.TryAnswer(command, _session.Take(), Owner));
        Assert.Equal(ServiceOutcome.Done, reply.Answer_!.Outcome);
        Assert.True(Assert.Single(reply.Answer_.Previous).IsSameAs(lost));
        _edge.Refuse(EntityId.Random(), command);
        Assert.Equal(ServiceOutcome.Failed, reply.Answer_.Outcome);
    }

    [Fact]
    public void That_a_connection_is_over_is_told_again_until_it_counts()
    {
        var service = EntityId.Random();
        var over = new ServiceCommand.Leave(new RemoteConnection(Edge, 4, null, service), ReplyTo: null);
        _edge.Refuse(service, over);
        Assert.Equal([(service, over)], _again);
        var reply = new Reply();
        _edge.Refuse(service, over with { ReplyTo = reply });
        Assert.Equal(ServiceOutcome.Failed, reply.Answer_!.Outcome);
        Assert.Single(_again);
    }

    [Fact]
    public void Damaged_commands_are_refused_and_never_throw()
    {
        var random = new Random(6);
        foreach (ServiceCommand command in Samples(new Reply()))
        {
            byte[] sent = Write(_edge, command);
            for (int i = 0; i < 300; i++)
            {
                byte[] damaged = [.. sent.AsSpan(0, random.Next(sent.Length + 1))];
                if (damaged.Length > 0)
                {
                    damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
                }

                _owner.Read(damaged, Request());
                _edge.TryAnswer(command, damaged, Owner);
            }
        }
    }

    private static ServiceCommand[] Samples(Reply reply)
    {
        var connection = new RemoteConnection(Edge, 4, null, EntityId.Random());
        var record = new ServiceRecord
        {
            ServiceId = EntityId.Random(),
            Role = ServiceRole.Messaging,
            Chain = [Storage.Samples.Bytes(700), Storage.Samples.Bytes(500)],
            Fingerprint = new EntityId(Storage.Samples.Bytes(32)),
            CreatedDay = 20_000,
            LastUsedDay = 20_001,
        };
        return
        [
            new ServiceCommand.Create(record, reply),
            new ServiceCommand.Use(20_002, reply),
            new ServiceCommand.Join(connection, null),
            new ServiceCommand.Subscribe(connection, new ServiceQueues(7, new EntityId(Storage.Samples.Bytes(16))), reply),
            new ServiceCommand.Renew(connection, Subscribed: true, 1L << 40, reply),
            new ServiceCommand.Unsubscribe(connection),
            new ServiceCommand.Leave(connection, reply),
            new ServiceCommand.Mail(EntityId.Random(), connection),
            new ServiceCommand.NotifierMail(EntityId.Random(), EntityId.Random()),
            new ServiceCommand.HolderEvent(EntityId.Random(), DeldResponse.Instance, connection),
        ];
    }

    private static byte[] Write(ServiceTranslator translator, ServiceCommand command)
    {
        var writer = new WireWriter(new byte[RoutingLimits.MessageBytes]);
        translator.Write(ref writer, command);
        Assert.False(writer.Overflowed);
        return writer.Written.ToArray();
    }

    private RemoteRequest Request() => new(new ReturnPath(_session, 2, 4), 1, 0);

    private sealed class Reply : IServiceReply
    {
        public ServiceAnswer? Answer_ { get; private set; }

        public void Answer(ServiceAnswer answer) => Answer_ = answer;
    }
}
