using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Threading.Channels;
using SimplexActors.Protocol.Encoding;
using SimplexActors.Protocol.Transport;

namespace SimplexActors.Client.Connection;

/// <summary>
/// The sending half of a client: takes encoded commands in order and packs whatever waits into blocks. Commands wait
/// for nothing but the block before theirs, so a lone command leaves at once and many share blocks.
///
/// <para>A block holds at most one command per entity: the reference router executes the commands of a block from the last
/// to the first (S-328), which would turn two messages to the same queue around.</para>
/// </summary>
internal sealed class Outbox(SmpConnection connection)
{
    private const int BlocksPerWrite = 4;

    private readonly HashSet<EntityId> _entities = [];
    private readonly Channel<Outgoing> _waiting = Channel.CreateBounded<Outgoing>(
        new BoundedChannelOptions(ClientLimits.WaitingCommands) { SingleReader = true });

    /// <summary>Hands a command over without waiting; false when as many wait as may, or sending has ended.</summary>
    public bool TryAdd(in Outgoing command) => _waiting.Writer.TryWrite(command);

    /// <summary>Waits for room and hands the command over.</summary>
    /// <returns>False when sending has ended.</returns>
    public async ValueTask<bool> AddAsync(Outgoing command, CancellationToken cancellation)
    {
        while (await _waiting.Writer.WaitToWriteAsync(cancellation))
        {
            if (_waiting.Writer.TryWrite(command))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes no more commands.</summary>
    public void End() => _waiting.Writer.TryComplete();

    /// <summary>Sends until the connection ends or breaks.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (await _waiting.Reader.WaitToReadAsync(stopping))
        {
            byte[] blocks = ArrayPool<byte>.Shared.Rent(BlocksPerWrite * Block.Length);
            try
            {
                for (int count = Pack(blocks); count > 0; count = Pack(blocks))
                {
                    await connection.SendRawAsync(blocks.AsMemory(0, count * Block.Length), stopping);
                }
            }
            finally
            {
                // Below v11 nothing but TLS encrypts what commands carry, passwords among it.
                ArrayPool<byte>.Shared.Return(blocks, clearArray: true);
            }
        }
    }

    private int Pack(byte[] blocks)
    {
        int count = 0;
        while (count < BlocksPerWrite && TryPackOne(blocks.AsSpan(count * Block.Length, Block.Length)))
        {
            count++;
        }

        return count;
    }

    private bool TryPackOne(Span<byte> block)
    {
        Span<byte> content = connection.Encoder.ContentOf(block);
        int length = 1;
        byte count = 0;
        _entities.Clear();
        while (count < ClientLimits.CommandsPerBlock && _waiting.Reader.TryPeek(out Outgoing next) && Fits(next, count, length))
        {
            _ = _waiting.Reader.TryRead(out _);
            BinaryPrimitives.WriteUInt16BigEndian(content[length..], (ushort)next.Length);
            next.Buffer.AsSpan(0, next.Length).CopyTo(content[(length + sizeof(ushort))..]);
            length += sizeof(ushort) + next.Length;
            count++;
            next.GiveBack();
        }

        if (count == 0)
        {
            return false;
        }

        content[0] = count;
        connection.Encoder.Encode(block, length);
        return true;
    }

    /// <summary>The first command of a block always fits: its size was checked against a block of its own (S-124).</summary>
    private bool Fits(in Outgoing next, int count, int length)
    {
        bool isFirst = count == 0;
        bool hasRoom = length - 1 + sizeof(ushort) + next.Length <= ClientLimits.SharedBlockBytes;
        return (isFirst || hasRoom) && (next.Entity.IsEmpty || _entities.Add(next.Entity));
    }
}

/// <summary>An encoded transmission on its way to a block.</summary>
/// <param name="Buffer">Rented.</param>
/// <param name="Length">Bytes of the transmission.</param>
/// <param name="Entity">What the command is about.</param>
internal readonly record struct Outgoing(byte[] Buffer, int Length, EntityId Entity)
{
    /// <summary>Wipes the transmission and gives the buffer back.</summary>
    public void GiveBack()
    {
        CryptographicOperations.ZeroMemory(Buffer.AsSpan(0, Length));
        ArrayPool<byte>.Shared.Return(Buffer);
    }
}
