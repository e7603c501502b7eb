using SimplexActors.Protocol.Encoding;

namespace SimplexActors.Protocol.Transport;

/// <summary>
/// Goes through the transmissions of a block: <c>count(1) count * LS(transmission)</c> (S-113). Allocates nothing.
/// </summary>
public struct TransmissionReader
{
    private readonly TransmissionFormat _format;
    private ReadOnlyMemory<byte> _rest;

    private TransmissionReader(TransmissionFormat format, int count, ReadOnlyMemory<byte> rest)
    {
        _format = format;
        _rest = rest;
        Count = count;
    }

    /// <summary>Transmissions in the block: 1 to 255.</summary>
    public int Count { get; }

    /// <summary>Checks that the block is made of whole transmissions.</summary>
    /// <param name="format">The session's format.</param>
    /// <param name="content">A block's content; the transmissions are views of it.</param>
    /// <param name="reader">Stands before the first transmission.</param>
    /// <returns>False for no transmissions, a cut one or bytes after the last: one <c>ERR BLOCK</c> without ids.</returns>
    public static bool TryOpen(TransmissionFormat format, ReadOnlyMemory<byte> content, out TransmissionReader reader)
    {
        ArgumentNullException.ThrowIfNull(format);
        reader = default;
        var wire = new WireReader(content.Span);
        int count = wire.ReadByte();
        for (int i = 0; i < count; i++)
        {
            wire.ReadLarge();
        }

        if (count == 0 || !wire.IsComplete)
        {
            return false;
        }

        reader = new TransmissionReader(format, count, content[1..]);
        return true;
    }

    /// <summary>The next transmission; one with a fault does not stop the others (S-120).</summary>
    /// <returns>False after the last.</returns>
    public bool TryRead(out Transmission transmission)
    {
        if (_rest.IsEmpty)
        {
            transmission = default;
            return false;
        }

        int length = new WireReader(_rest.Span).ReadUInt16();
        transmission = Transmission.Read(_format, _rest.Slice(sizeof(ushort), length));
        _rest = _rest[(sizeof(ushort) + length)..];
        return true;
    }
}
