using SimplexActors.Protocol.Transport;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>
/// Moves whole blocks over one TLS stream and knows since when it has been waiting for the peer, so that one watch per
/// node can end connections that stall or are silent (<see cref="ConnectionWatch"/>).
/// </summary>
/// <param name="stream">The TLS stream.</param>
/// <param name="abort">Drops the connection at once.</param>
/// <param name="time">The router's clock.</param>
internal sealed class ConnectionTransport(Stream stream, Action abort, TimeProvider time)
{
    private long _blockBegan;
    private long _sendBegan;
    private readonly long _began = time.GetTimestamp();
    private long _lastReceived = time.GetTimestamp();
    private long _lastSent = time.GetTimestamp();
    private int _closed;

    /// <summary>True when the connection is over.</summary>
    public bool IsClosed => Volatile.Read(ref _closed) != 0;

    /// <summary>Time since the last whole block in either direction (S-334).</summary>
    public TimeSpan Silence => time.GetElapsedTime(Math.Max(Volatile.Read(ref _lastReceived), Volatile.Read(ref _lastSent)));

    /// <summary>Time since the connection began.</summary>
    public TimeSpan Age => time.GetElapsedTime(_began);

    /// <summary>Time since the last whole block came.</summary>
    public TimeSpan SinceReceived => time.GetElapsedTime(Volatile.Read(ref _lastReceived));

    /// <summary>Time since the last block was taken by the peer.</summary>
    public TimeSpan SinceSent => time.GetElapsedTime(Volatile.Read(ref _lastSent));

    /// <summary>Time that the peer has kept a block unfinished, in either direction; zero when it does not.</summary>
    public TimeSpan Stall => Longest(Volatile.Read(ref _blockBegan), Volatile.Read(ref _sendBegan));

    /// <summary>Cancelled when the network connection is gone.</summary>
    public CancellationToken Gone { get; init; }

    /// <summary>Lets time pass, less when the connection ends or is to stop; never throws.</summary>
    public async ValueTask PauseAsync(TimeSpan pause, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, Gone);
        await Task.Delay(pause, time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Waits for the next block without holding memory for it.</summary>
    /// <returns>False when the peer ended the connection.</returns>
    public async ValueTask<bool> WaitAsync(CancellationToken cancellation)
    {
        int read = await stream.ReadAsync(Memory<byte>.Empty, cancellation);
        return read == 0 && !IsClosed;
    }

    /// <summary>Reads one block.</summary>
    /// <param name="block">16384 bytes.</param>
    /// <param name="cancellation">Ends the waiting; the connection is then not usable any more.</param>
    /// <returns>False when the peer ended the connection, in the middle of a block or before it.</returns>
    public async ValueTask<bool> ReadBlockAsync(Memory<byte> block, CancellationToken cancellation)
    {
        Volatile.Write(ref _blockBegan, time.GetTimestamp());
        int read = await stream.ReadAtLeastAsync(block, Block.Length, throwOnEndOfStream: false, cancellation);
        Volatile.Write(ref _blockBegan, 0);
        Volatile.Write(ref _lastReceived, time.GetTimestamp());
        return read == Block.Length;
    }

    /// <summary>Sends whole blocks.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> blocks)
    {
        Volatile.Write(ref _sendBegan, time.GetTimestamp());
        await stream.WriteAsync(blocks);
        Volatile.Write(ref _sendBegan, 0);
        Volatile.Write(ref _lastSent, time.GetTimestamp());
    }

    /// <summary>The receiving side is over.</summary>
    public void MarkClosed() => Volatile.Write(ref _closed, 1);

    /// <summary>Drops the connection.</summary>
    public void Abort()
    {
        MarkClosed();
        abort();
    }

    /// <summary>True for what a peer or the network can cause.</summary>
    public static bool IsPeerFault(Exception fault) => fault is IOException or OperationCanceledException or ObjectDisposedException;

    private TimeSpan Longest(long first, long second)
    {
        TimeSpan a = first == 0 ? TimeSpan.Zero : time.GetElapsedTime(first);
        TimeSpan b = second == 0 ? TimeSpan.Zero : time.GetElapsedTime(second);
        return a > b ? a : b;
    }
}
