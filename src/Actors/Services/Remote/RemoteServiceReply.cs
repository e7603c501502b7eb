using System.Collections.Immutable;
using SimplexActors.Actors.Cluster;
using SimplexActors.Actors.Cluster.Routing;
using SimplexActors.Actors.Connections;
using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Actors.Services.Remote;

/// <summary>
/// Stands for whoever waits on another node for a service's answer:
/// <code>
/// outcome(1) count(1) reference...
/// </code>
/// </summary>
internal sealed class RemoteServiceReply(RemoteRequest request) : IServiceReply
{
    /// <summary>The request.</summary>
    public RemoteRequest Request => request;

    /// <inheritdoc/>
    public void Answer(ServiceAnswer answer) => request.Answer(answer, static (ref writer, value) =>
    {
        writer.WriteByte((byte)value.Outcome);
        ImmutableArray<ISubscriber> previous = value.Previous;
        writer.WriteByte((byte)Math.Min(previous.Length, byte.MaxValue));
        foreach (ISubscriber lost in previous.Take(byte.MaxValue))
        {
            ConnectionReferences.Write(ref writer, lost);
        }
    });

    /// <summary>Null when the answer cannot be read.</summary>
    public static ServiceAnswer? Read(ReadOnlySpan<byte> message, NodeNumber sender, ConnectionReferences references)
    {
        var reader = new WireReader(message);
        var outcome = (ServiceOutcome)reader.ReadByte();
        int count = reader.ReadByte();
        var previous = ImmutableArray.CreateBuilder<ISubscriber>(count);
        while (previous.Count < count && !reader.Failed)
        {
            previous.Add(references.Read(ref reader, sender));
        }

        return reader.IsComplete && Enum.IsDefined(outcome) ? new ServiceAnswer(outcome, previous.DrainToImmutable()) : null;
    }
}
