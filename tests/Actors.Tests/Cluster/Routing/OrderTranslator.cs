using System.Collections.Concurrent;
using SimplexActors.Actors.Cluster;
using SimplexActors.Actors.Cluster.Links;
using SimplexActors.Actors.Cluster.Routing;
using SimplexActors.Actors.Engine;
using SimplexActors.Actors.Tests.Engine;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Tests.Cluster.Routing;

/// <summary>Lets orders travel between nodes: additions, which may not be repeated, and looks.</summary>
internal sealed class OrderTranslator : ICommandTranslator<Order>
{
    // What is asked again after a cut may be here twice: each time has a request of its own.
    private readonly ConcurrentDictionary<int, ConcurrentStack<RemoteRequest>> _requests = new();

    /// <summary>Gets the answers to this node's own orders.</summary>
    public required Action<Answer> Answered { get; init; }

    /// <summary>Performs an answer: where the order came from.</summary>
    public void Perform(Answer answer)
    {
        if (Take(answer.Ticket) is { } request)
        {
            request.Answer(answer, static (ref writer, value) =>
            {
                writer.WriteId(value.Id);
                writer.WriteInt64(value.Count);
                writer.WriteShort(System.Text.Encoding.ASCII.GetBytes(value.What));
            });
        }
        else
        {
            Answered(answer);
        }
    }

    public void Write(ref WireWriter writer, Order command)
    {
        writer.WriteBool(command is Order.Add);
        writer.WriteUInt32((uint)command.Ticket);
    }

    public Order Read(ReadOnlySpan<byte> message, RemoteRequest request)
    {
        var reader = new WireReader(message);
        bool adds = reader.ReadBool();
        var ticket = (int)reader.ReadUInt32();
        _requests.GetOrAdd(ticket, _ => []).Push(request);
        return adds ? new Order.Add(ticket) : new Order.Look(ticket);
    }

    public bool IsAnswered(Order command) => true;

    public bool IsRepeatable(Order command) => command is Order.Look;

    public bool IsForeign(Order command) => false;

    public bool Subscribes(Order command) => false;

    public Order WithEpoch(Order command, long epoch) => command;

    public RemoteRequest? RequestOf(Order command) => Take(command.Ticket);

    public bool TryAnswer(Order command, ReadOnlySpan<byte> answer, NodeNumber sender)
    {
        var reader = new WireReader(answer);
        EntityId id = reader.ReadId();
        long count = reader.ReadInt64();
        Answered(new Answer(id, command.Ticket, System.Text.Encoding.ASCII.GetString(reader.ReadShort()), count));
        return reader.IsComplete;
    }

    public void Refuse(in EntityId id, Order command) => Answered(new Answer(id, command.Ticket, nameof(Refusal.StoreFailed)));

    public bool TryTellConnection(long connection, ReadOnlySpan<byte> message, NodeNumber sender, Func<EntityId, bool> isCurrent) => false;

    public Order? Detach(object state, ILinkSession ended) => null;

    private RemoteRequest? Take(int ticket) =>
        _requests.TryGetValue(ticket, out ConcurrentStack<RemoteRequest>? requests) && requests.TryPop(out RemoteRequest? latest) ? latest : null;
}
