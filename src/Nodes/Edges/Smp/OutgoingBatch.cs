using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using SimplexActors.Actors.Queues;
using SimplexActors.Nodes.Edges.Smp.Relay;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Errors;
using SimplexActors.Protocol.Smp.Responses;
using SimplexActors.Protocol.Transport;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>
/// Responses and events on their way into blocks. They are written one after another into one rented buffer, packed as
/// the reference packs (S-121, S-122) and sent when the buffer is full or nothing more waits; the buffers go back
/// when the connection has sent what it had.
/// </summary>
internal sealed class OutgoingBatch(SmpSession session, ConnectionTransport transport, ILogger logger) : IDisposable
{
    private const int Capacity = 4 * Block.Length;
    private static readonly ErrResponse BlockError = new(SmpError.Block);

    private readonly List<int> _lengths = [];
    private readonly List<BatchPart> _parts = [];
    private byte[]? _transmissions;
    private byte[]? _blocks;
    private int _used;
    private int _mostUsed;

    /// <summary>Adds a response, or an event when <paramref name="correlationId"/> is empty.</summary>
    public async ValueTask AddAsync(EntityId correlationId, EntityId entityId, SmpResponse response)
    {
        if (TryAdd(correlationId, entityId, response))
        {
            return;
        }

        await FlushAsync();
        if (!TryAdd(correlationId, entityId, response))
        {
            SmpEdgeLog.ResponseTooLarge(logger);
        }
    }

    /// <summary>Adds the answer to a forwarded command, in both layers, as <c>RRES</c>.</summary>
    /// <param name="forwarded">Wiped when its answer is written.</param>
    /// <param name="correlationId">Of the command within.</param>
    /// <param name="entityId">Of the command within.</param>
    /// <param name="response">Its answer; the proxy gets <c>BLOCK</c> instead when it does not fit (S-351).</param>
    public async ValueTask AddForwardedAsync(Forwarded forwarded, EntityId correlationId, EntityId entityId, SmpResponse response)
    {
        if (!TryAddForwarded(forwarded, correlationId, entityId, response))
        {
            await FlushAsync();
            _ = TryAddForwarded(forwarded, correlationId, entityId, response);
        }

        forwarded.Dispose();
    }

    /// <summary>Adds a message, encrypted for its recipient (section 17).</summary>
    public async ValueTask AddMessageAsync(EntityId correlationId, Delivery delivery, ReadOnlyMemory<byte> body)
    {
        if (!TryAddMessage(correlationId, delivery, body.Span))
        {
            await FlushAsync();
            _ = TryAddMessage(correlationId, delivery, body.Span);
        }
    }

    /// <summary>Sends what was added.</summary>
    public async ValueTask FlushAsync()
    {
        if (_lengths.Count == 0)
        {
            return;
        }

        TransmissionBatch.Split(CollectionsMarshal.AsSpan(_lengths), _parts);
        _blocks ??= ArrayPool<byte>.Shared.Rent(Capacity);
        int blocks = 0;
        int from = 0;
        foreach (BatchPart part in _parts)
        {
            int length = LengthOf(part);
            if (part.IsTooLarge)
            {
                SmpEdgeLog.ResponseTooLarge(logger);
            }
            else
            {
                Encode(part, from, _blocks.AsSpan(blocks * Block.Length, Block.Length));
                blocks++;
            }

            from += length;
            if ((blocks + 1) * Block.Length > _blocks.Length)
            {
                await transport.WriteAsync(_blocks.AsMemory(0, blocks * Block.Length));
                blocks = 0;
            }
        }

        if (blocks > 0)
        {
            await transport.WriteAsync(_blocks.AsMemory(0, blocks * Block.Length));
        }

        _lengths.Clear();
        _used = 0;
    }

    /// <summary>Returns the buffers; the one with plain text is cleared.</summary>
    public void Dispose()
    {
        if (_transmissions is not null)
        {
            _transmissions.AsSpan(0, _mostUsed).Clear();
            ArrayPool<byte>.Shared.Return(_transmissions);
            _transmissions = null;
        }

        if (_blocks is not null)
        {
            ArrayPool<byte>.Shared.Return(_blocks);
            _blocks = null;
        }
    }

    private bool TryAdd(in EntityId correlationId, in EntityId entityId, SmpResponse response)
    {
        WireWriter writer = Open();
        TransmissionWriter.WriteHead(ref writer, session.Format, correlationId, entityId);
        SmpResponseWriter.Write(ref writer, response, session.Version);
        return Close(writer);
    }

    private bool TryAddForwarded(Forwarded forwarded, in EntityId correlationId, in EntityId entityId, SmpResponse response)
    {
        WireWriter writer = Open();
        TransmissionWriter.WriteHead(ref writer, session.Format, forwarded.RfwdCorrelationId, EntityId.Empty);
        return forwarded.TryWrite(ref writer, correlationId, entityId, response)
            ? Close(writer)
            : TryAdd(forwarded.RfwdCorrelationId, EntityId.Empty, BlockError);
    }

    private bool TryAddMessage(in EntityId correlationId, Delivery delivery, ReadOnlySpan<byte> body)
    {
        WireWriter writer = Open();
        TransmissionWriter.WriteHead(ref writer, session.Format, correlationId, delivery.RecipientId);
        SmpResponseWriter.WriteMessageHead(ref writer, delivery.Header.MessageId);
        Span<byte> encrypted = writer.Claim(SmpSizes.EncryptedBodyBytes);
        if (writer.Overflowed)
        {
            return false;
        }

        MessageHeader header = delivery.Header;
        var key = new BoxKey(delivery.DhSecret.AsSpan());
        if (header.IsQuotaMarker)
        {
            MessageBody.EncryptQuotaMarker(encrypted, key, header.MessageId.Bytes, header.Timestamp);
        }
        else
        {
            MessageBody.Encrypt(encrypted, key, header.MessageId.Bytes, header.Timestamp, header.Notify, body);
        }

        key.Clear();
        return Close(writer);
    }

    private WireWriter Open()
    {
        _transmissions ??= ArrayPool<byte>.Shared.Rent(Capacity);
        return new WireWriter(_transmissions.AsSpan(_used, Capacity - _used));
    }

    private bool Close(in WireWriter writer)
    {
        if (writer.Overflowed)
        {
            return false;
        }

        _used += writer.Length;
        _mostUsed = Math.Max(_mostUsed, _used);
        _lengths.Add(writer.Length);
        return true;
    }

    private int LengthOf(BatchPart part)
    {
        int length = 0;
        for (int i = part.Start; i < part.Start + part.Count; i++)
        {
            length += _lengths[i];
        }

        return length;
    }

    private void Encode(BatchPart part, int from, Span<byte> block)
    {
        var content = new BlockWriter(session.Encoder.ContentOf(block));
        for (int i = part.Start; i < part.Start + part.Count; i++)
        {
            if (!content.TryAdd(_transmissions.AsSpan(from, _lengths[i])))
            {
                throw new InvalidOperationException("A block's transmissions do not fit the block that they were packed for.");
            }

            from += _lengths[i];
        }

        session.Encoder.Encode(block, content.ContentLength);
    }
}
