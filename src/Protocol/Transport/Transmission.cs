using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Protocol.Transport;

/// <summary>
/// One command or response where it lies in its block:
/// <c>SS(authorization) [service] [SS(sessionId)] SS(corrId) SS(entityId) command</c> (S-114). A view, without copies:
/// valid as long as the block's buffer.
/// </summary>
public readonly struct Transmission
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly ushort _bodyStart;
    private readonly ushort _correlationStart;
    private readonly ushort _entityStart;
    private readonly ushort _commandStart;
    private readonly byte _serviceSignatureLength;

    private Transmission(TransmissionFault fault) => Fault = fault;

    private Transmission(
        ReadOnlyMemory<byte> bytes, int bodyStart, int correlationStart, int entityStart, int commandStart, int serviceSignatureLength, TransmissionFault fault)
    {
        _bytes = bytes;
        _bodyStart = (ushort)bodyStart;
        _correlationStart = (ushort)correlationStart;
        _entityStart = (ushort)entityStart;
        _commandStart = (ushort)commandStart;
        _serviceSignatureLength = (byte)serviceSignatureLength;
        Fault = fault;
    }

    /// <summary>What is wrong with it; of a malformed one nothing else may be used.</summary>
    public TransmissionFault Fault { get; }

    /// <summary>Who authorised it: a signature, an authenticator or nothing.</summary>
    public ReadOnlyMemory<byte> Authorization => _bytes.IsEmpty ? default : _bytes.Slice(1, _bytes.Span[0]);

    /// <summary>The service's Ed25519 signature; empty without one (S-115).</summary>
    public ReadOnlyMemory<byte> ServiceSignature => _bytes.Slice(_bodyStart - _serviceSignatureLength, _serviceSignatureLength);

    /// <summary>What pairs a response with its command; empty in events.</summary>
    public EntityId CorrelationId => new(CorrelationBytes);

    /// <summary>The queue, link or service that it is about.</summary>
    public EntityId EntityId => new(ShortAt(_entityStart));

    /// <summary>Tag and parameters of the command or response.</summary>
    public ReadOnlyMemory<byte> Command => _bytes[_commandStart..];

    /// <summary>The received bytes that are authorised, from the session id (v6) or the correlation id on (S-118).</summary>
    internal ReadOnlyMemory<byte> Body => _bytes[_bodyStart..];

    internal ReadOnlySpan<byte> CorrelationBytes => _bytes.IsEmpty ? default : ShortAt(_correlationStart);

    /// <summary>Finds the fields; never throws, the result says what is wrong.</summary>
    internal static Transmission Read(TransmissionFormat format, ReadOnlyMemory<byte> bytes)
    {
        var reader = new WireReader(bytes.Span);
        int authorizationLength = reader.ReadShort().Length;
        int serviceSignatureLength = format.SendsServiceSignature && authorizationLength > 0 ? ReadServiceSignature(ref reader) : 0;
        int bodyStart = bytes.Length - reader.Remaining;
        bool sameSession = !format.SendsSessionId || reader.ReadShort().SequenceEqual(format.SessionId);
        int correlationStart = bytes.Length - reader.Remaining;
        reader.ReadShort();
        int entityStart = bytes.Length - reader.Remaining;
        reader.ReadShort();
        int commandStart = bytes.Length - reader.Remaining;
        if (reader.Failed || bytes.Length > Block.Length)
        {
            return new Transmission(TransmissionFault.Malformed);
        }

        TransmissionFault fault = !sameSession ? TransmissionFault.Session
            : Authorisation.SchemeOf(authorizationLength) is null ? TransmissionFault.Authorization
            : TransmissionFault.None;
        return new Transmission(bytes, bodyStart, correlationStart, entityStart, commandStart, serviceSignatureLength, fault);
    }

    private static int ReadServiceSignature(ref WireReader reader)
    {
        if (!reader.ReadMaybe())
        {
            return 0;
        }

        int length = reader.ReadShort().Length;
        if (length != Crypto.Signature.Ed25519Length)
        {
            reader.Fail();
        }

        return length;
    }

    private ReadOnlySpan<byte> ShortAt(int start)
    {
        ReadOnlySpan<byte> bytes = _bytes.Span[start..];
        return bytes.Slice(1, bytes[0]);
    }
}

/// <summary>What can be wrong with a transmission before its command is looked at.</summary>
public enum TransmissionFault : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It cannot be read: <c>ERR BLOCK</c> without ids (S-120).</summary>
    Malformed,

    /// <summary>No scheme has authorizations of this length: <c>ERR BLOCK</c> with the correlation id only (S-116).</summary>
    Authorization,

    /// <summary>v6: another session's id: <c>ERR SESSION</c> with the correlation id only (S-117).</summary>
    Session,
}
