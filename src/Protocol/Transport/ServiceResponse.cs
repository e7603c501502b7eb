using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp.Errors;

namespace SimplexActors.Protocol.Transport;

/// <summary>
/// The router's answer to a client that said it is a service: <c>R SS(serviceId)</c> or <c>E error</c> (S-099).
/// </summary>
public abstract record ServiceResponse
{
    private const byte AcceptedTag = (byte)'R';
    private const byte RefusedTag = (byte)'E';

    private ServiceResponse()
    {
    }

    /// <summary>Reads a response; null when it is malformed.</summary>
    public static ServiceResponse? TryParse(ReadOnlySpan<byte> content)
    {
        var reader = new WireReader(content);
        switch (reader.ReadByte())
        {
            case AcceptedTag:
                EntityId serviceId = reader.ReadId();
                return reader.Failed ? null : new Accepted(serviceId);
            case RefusedTag:
                return TransportErrorText.TryParse(reader.ReadTail(), out TransportError error) ? new Refused(error) : null;
            default:
                return null;
        }
    }

    /// <summary>Writes the response as the content of a block.</summary>
    public void Write(ref WireWriter writer)
    {
        switch (this)
        {
            case Accepted accepted:
                writer.WriteByte(AcceptedTag);
                writer.WriteId(accepted.ServiceId);
                break;
            case Refused refused:
                writer.WriteByte(RefusedTag);
                writer.Write(TransportErrorText.BytesOf(refused.Error));
                break;
        }
    }

    /// <summary>The service is known now.</summary>
    /// <param name="ServiceId">Its id with this router.</param>
    public sealed record Accepted(EntityId ServiceId) : ServiceResponse;

    /// <summary>The router closes the connection after this.</summary>
    /// <param name="Error">Why.</param>
    public sealed record Refused(TransportError Error) : ServiceResponse;
}
