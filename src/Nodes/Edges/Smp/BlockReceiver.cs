using System.Buffers;
using SimplexActors.Nodes.Edges.Limiting;
using SimplexActors.Nodes.Edges.Smp.Relay;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Transport;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>
/// The receiving side of a connection: block, decrypt, transmissions, commands, and on to <see cref="BlockProcessor"/>. Reads
/// the next block when the last one is decided, and stops reading while too many blocks wait for their answers, while
/// the queues' inboxes are full or while the client is faster than it may be (S-488), so that the pressure reaches the peer's socket.
/// </summary>
internal sealed class BlockReceiver(
    SmpRouter router, SmpSession session, ConnectionTransport transport, SmpConnection connection, AddressUse? address)
{
    private readonly KeyCache _keys = new();
    private readonly ForwardedReader _forwarded = new(session);
    private ConnectionPace _pace;

    /// <summary>Receives until the peer ends the connection or the node stops.</summary>
    /// <returns>True when the node stops and the peer is still there.</returns>
    public async Task<bool> RunAsync(CancellationToken stopping)
    {
        var processor = new BlockProcessor(connection, router, session, _keys);
        try
        {
            do
            {
                await KeepPaceAsync(stopping);
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
            if (!await AdmitAsync(block, stopping))
            {
                return false;
            }

            connection.Received(block);
            await processor.ProcessAsync(block, CancellationToken.None);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    /// <summary>Waits until the connection is not ahead of its rates.</summary>
    private async ValueTask KeepPaceAsync(CancellationToken stopping)
    {
        long wait = _pace.UnitsToWait(router.Rates, router.Time.GetTimestamp());
        if (wait > 0)
        {
            await transport.PauseAsync(RateLimit.TimeOf(wait, router.Time), stopping);
        }
    }

    /// <summary>Counts the commands of a block, and waits while the connections of its address are too fast together.</summary>
    /// <returns>False when the connection ended meanwhile; what it asked for is not done then.</returns>
    private async ValueTask<bool> AdmitAsync(CommandBlock block, CancellationToken stopping)
    {
        var counts = default(CommandCounts);
        foreach (CommandSlot slot in block.Slots)
        {
            if (slot is { Command: { } command, Response: null })
            {
                counts.Add(slot.Forwarded is null ? command.Tag : SmpCommandTag.RFWD);
            }
        }

        _pace.Charge(router.Rates, counts, router.Time.GetTimestamp());
        // What was received before a stop is answered, at once.
        while (address is not null && !stopping.IsCancellationRequested && !address.TryTake(ref counts, out TimeSpan wait))
        {
            await transport.PauseAsync(wait, stopping);
            if (transport.Gone.IsCancellationRequested || transport.IsClosed)
            {
                return false;
            }
        }

        return true;
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
        var block = new CommandBlock(connection, router.Refusals, slots);
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
        bool mayForward = session.Service is null or { Role: ServiceRole.Proxy };
        return mayForward && slot is { Command: RfwdCommand forwarded, Response: null } ? _forwarded.Read(slot.CorrelationId, forwarded) : slot;
    }
}
