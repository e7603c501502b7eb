using System.Buffers;
using SimplexActors.Nodes.Edges.Smp.Relay;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Transport;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>
/// The receiving side of a connection: block, decrypt, transmissions, commands, and on to <see cref="BlockProcessor"/>. Reads
/// the next block when the last one is decided, and stops reading while too many blocks wait for their answers or
/// while the queues' inboxes are full, so that the pressure reaches the peer's socket.
/// </summary>
internal sealed class BlockReceiver(SmpRouter router, SmpSession session, ConnectionTransport transport, SmpConnection connection)
{
    private readonly KeyCache _keys = new();
    private readonly ForwardedReader _forwarded = new(session);

    /// <summary>Receives until the peer ends the connection or the node stops.</summary>
    /// <returns>True when the node stops and the peer is still there.</returns>
    public async Task<bool> RunAsync(CancellationToken stopping)
    {
        var processor = new BlockProcessor(connection, router, session, _keys);
        try
        {
            do
            {
                await connection.WaitForRoomAsync(stopping);
            }
            while (await transport.WaitAsync(stopping) && await ReceiveAsync(processor, stopping));

            return false;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return !transport.IsClosed;
        }
        finally
        {
            _keys.Clear();
        }
    }

    private async ValueTask<bool> ReceiveAsync(BlockProcessor processor, CancellationToken stopping)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Block.Length);
        try
        {
            Memory<byte> bytes = buffer.AsMemory(0, Block.Length);
            if (!await transport.ReadBlockAsync(bytes, stopping))
            {
                return false;
            }

            CommandBlock block = Open(bytes);
            connection.Received(block);
            await processor.ProcessAsync(block, CancellationToken.None);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private CommandBlock Open(Memory<byte> bytes)
    {
        if (!session.Decoder.TryDecode(bytes, out ReadOnlyMemory<byte> content)
            || !TransmissionReader.TryOpen(session.Format, content, out TransmissionReader reader))
        {
            return Answered([CommandReader.Malformed()]);
        }

        var slots = new CommandSlot[reader.Count];
        for (int i = 0; reader.TryRead(out Transmission transmission); i++)
        {
            slots[i] = ReadCommand(transmission);
        }

        EdgeCounts.AddBlock(router.Statistics, slots);
        return Answered(slots);
    }

    /// <summary>A block whose commands that could not be read are answered already.</summary>
    private CommandBlock Answered(CommandSlot[] slots)
    {
        var block = new CommandBlock(connection, router.Time, slots);
        for (int i = 0; i < slots.Length; i++)
        {
            if (slots[i].Response is { } response)
            {
                block.Reply(i, response);
            }
        }

        return block;
    }

    private CommandSlot ReadCommand(in Transmission transmission)
    {
        CommandSlot slot = CommandReader.Read(transmission, session.Version);
        return slot is { Command: RfwdCommand forwarded, Response: null } ? _forwarded.Read(slot.CorrelationId, forwarded) : slot;
    }
}
