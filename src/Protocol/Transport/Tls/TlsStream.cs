using System.Buffers;
using System.IO.Pipelines;

namespace SimplexActors.Protocol.Transport.Tls;

/// <summary>
/// An encrypted stream over a transport's pipes. One reader and one writer may work at the same time. Reading
/// with an empty buffer waits until there is something to read, so an idle connection holds no buffer, neither
/// here nor in OpenSSL. Written bytes are sent at once; <see cref="FlushAsync"/> has nothing to do. A
/// cancelled write leaves the session in an unknown state: the connection must be closed. Closing sends close_notify.
///
/// <para>Two locks order the work. <c>_gate</c> protects the SSL object and is held for one call into OpenSSL. <c>_sending</c>
/// protects the transport's writer and is held while it flushes. What a read makes OpenSSL send (alerts,
/// key updates) goes to the session's outbox, because the writer may be busy; whoever holds <c>_sending</c> empties
/// the outbox before letting go and looks once more afterwards, so nothing is left behind and a reader never
/// waits for a peer that does not read, unless the peer made it owe more than <see cref="MaxOwedBytes"/>.</para>
/// </summary>
public sealed class TlsStream : Stream
{
    /// <summary>Plaintext given to OpenSSL between two flushes, bytes.</summary>
    private const int WriteChunkBytes = 64 * 1024;

    /// <summary>Output that reads may leave behind while a write is stuck, bytes.</summary>
    private const int MaxOwedBytes = 16 * 1024;

    /// <summary>How long closing waits for the transport to take close_notify.</summary>
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly IDuplexPipe _transport;
    private readonly IAsyncDisposable? _owned;
    private readonly TlsSession _session;
    private int _buffered;
    private bool _closedByPeer;
    private bool _disposed;

    private TlsStream(IDuplexPipe transport, TlsSession session, IAsyncDisposable? owned = null)
    {
        _transport = transport;
        _owned = owned;
        _session = session;
    }

    /// <summary>The session id that both sides know (S-059): 12, 32 or 48 bytes.</summary>
    public ReadOnlyMemory<byte> SessionId => _session.Unique;

    /// <summary>Negotiated application protocol; null if the client offered none (S-053).</summary>
    public string? ApplicationProtocol => _session.Protocol;

    /// <summary>The client sent a server name and got the web credential (S-054).</summary>
    public bool ServerNameUsed => _session.ServerNameUsed;

    /// <summary>The peer's certificates, checked; empty if a client sent none.</summary>
    public IReadOnlyList<byte[]> PeerChain => _session.PeerChain;

    /// <summary>The version is 1.3, not 1.2.</summary>
    public bool IsTls13 { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>
    /// The server's side of a handshake. No native memory is used before the client's first bytes. When it
    /// fails, alerts have been sent and the caller just closes the transport: aborting could drop them.
    /// </summary>
    /// <returns>The stream, or what the client did wrong.</returns>
    /// <exception cref="IOException">The transport failed.</exception>
    public static async Task<(TlsStream? Stream, TlsFailure? Failure)> AcceptAsync(TlsContext context, IDuplexPipe transport, CancellationToken cancellation)
    {
        ReadResult first = await transport.Input.ReadAsync(cancellation);
        transport.Input.AdvanceTo(first.Buffer.Start);
        if (first.Buffer.IsEmpty)
        {
            return (null, new TlsFailure(TlsFailureKind.Truncated, "the connection ended before TLS began"));
        }

        return await BeginAsync(new TlsStream(transport, new TlsSession(context, expectedIdentity: null)), cancellation);
    }

    /// <summary>
    /// The client's side of a handshake: the router must prove the expected identity; its host name is not
    /// looked at (S-067). With TLS 1.3 a router that refuses the client's certificate says so only when read.
    /// </summary>
    /// <param name="context">Settings of <see cref="TlsContext.ForClient"/>.</param>
    /// <param name="transport">The connection, such as a NetworkStream; it is closed with the returned stream, or if this fails.</param>
    /// <param name="identity">SHA-256 of the router's identity certificate, from its address.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="TlsException">The router failed or is not the expected one.</exception>
    /// <exception cref="IOException">The transport failed.</exception>
    public static async Task<TlsStream> ConnectAsync(TlsContext context, Stream transport, ReadOnlyMemory<byte> identity, CancellationToken cancellation)
    {
        var pipes = new StreamTransport(transport);
        try
        {
            var stream = new TlsStream(pipes, new TlsSession(context, identity.ToArray()), pipes);
            (TlsStream? connected, TlsFailure? failure) = await BeginAsync(stream, cancellation);
            return connected ?? throw new TlsException(failure!);
        }
        catch
        {
            await pipes.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_closedByPeer)
        {
            return 0;
        }

        if (_buffered > 0)
        {
            return ReadBuffered(buffer.Span);
        }

        while (true)
        {
            ReadResult received = await _transport.Input.ReadAsync(cancellationToken);
            TlsStatus status = Decrypt(received.Buffer, buffer.Span, out int count, out SequencePosition taken, out int owed);
            _transport.Input.AdvanceTo(taken);
            if (owed > 0)
            {
                await SendOwedAsync(owed, cancellationToken);
            }

            switch (status)
            {
                case TlsStatus.Done:
                    return count;
                case TlsStatus.Closed:
                    _closedByPeer = true;
                    return 0;
                case TlsStatus.Failed:
                    throw new TlsException(_session.Failure!);
                case TlsStatus.NeedsInput when received.IsCompleted:
                    throw new TlsTruncatedException();
            }
        }
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            for (int sent = 0; sent < buffer.Length;)
            {
                ReadOnlyMemory<byte> chunk = buffer.Slice(sent, Math.Min(WriteChunkBytes, buffer.Length - sent));
                Encrypt(chunk.Span);
                await FlushTransportAsync(cancellationToken);
                sent += chunk.Length;
            }
        }
        finally
        {
            _sending.Release();
        }

        await SendForgottenAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <summary>Not supported: it would block a thread.</summary>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Use ReadAsync.");

    /// <summary>Not supported: it would block a thread.</summary>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Use WriteAsync.");

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Sends close_notify if the transport takes it within five seconds, and frees the session. Transport pipes stay open, a client's own stream is closed.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (await _sending.WaitAsync(0))
        {
            try
            {
                await SendCloseAsync();
            }
            finally
            {
                _sending.Release();
            }
        }

        await base.DisposeAsync();
        if (_owned is not null)
        {
            await _owned.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Free();
        }

        base.Dispose(disposing);
    }

    private static async Task<(TlsStream? Stream, TlsFailure? Failure)> BeginAsync(TlsStream stream, CancellationToken cancellation)
    {
        TlsFailure? failure;
        try
        {
            failure = await stream.HandshakeAsync(cancellation);
        }
        catch
        {
            stream.Free();
            throw;
        }

        if (failure is null)
        {
            return (stream, null);
        }

        stream.Free();
        return (null, failure);
    }

    private async Task<TlsFailure?> HandshakeAsync(CancellationToken cancellation)
    {
        TlsStatus status = Handshake(default, out _);
        while (true)
        {
            if (_session.Outbox.MoveTo(_transport.Output))
            {
                await _transport.Output.FlushAsync(cancellation);
            }

            if (status == TlsStatus.Done)
            {
                IsTls13 = _session.Version == LibSsl.Tls13;
                return null;
            }

            if (status != TlsStatus.NeedsInput)
            {
                return _session.Failure ?? new TlsFailure(TlsFailureKind.Truncated, "the peer closed during the handshake");
            }

            ReadResult received = await _transport.Input.ReadAsync(cancellation);
            if (received.IsCompleted && received.Buffer.IsEmpty)
            {
                _transport.Input.AdvanceTo(received.Buffer.Start);
                return new TlsFailure(TlsFailureKind.Truncated, "the connection ended during the handshake");
            }

            status = Handshake(received.Buffer, out SequencePosition taken);
            _transport.Input.AdvanceTo(taken);
        }
    }

    private TlsStatus Handshake(ReadOnlySequence<byte> input, out SequencePosition taken)
    {
        TlsStatus status = _session.Handshake(ref input);
        taken = input.Start;
        return status;
    }

    private int ReadBuffered(Span<byte> destination)
    {
        if (destination.IsEmpty)
        {
            return 0;
        }

        lock (_gate)
        {
            ReadOnlySequence<byte> none = default;
            _ = _session.Read(destination, ref none, out int count);
            _buffered = _session.Buffered;
            return count;
        }
    }

    private TlsStatus Decrypt(ReadOnlySequence<byte> input, Span<byte> destination, out int count, out SequencePosition taken, out int owed)
    {
        lock (_gate)
        {
            TlsStatus status = _session.Read(destination, ref input, out count);
            taken = input.Start;
            owed = _session.Outbox.Length;
            _buffered = status == TlsStatus.Done ? _session.Buffered : 0;
            return status;
        }
    }

    private void Encrypt(ReadOnlySpan<byte> data)
    {
        lock (_gate)
        {
            _session.Outbox.MoveTo(_transport.Output);
            if (_session.Write(data, _transport.Output) != TlsStatus.Done)
            {
                throw new TlsException(_session.Failure ?? new TlsFailure(TlsFailureKind.Protocol, "the session does not take data"));
            }
        }
    }

    /// <summary>Flushes the transport's writer, and what reads left in the outbox meanwhile. The caller holds <c>_sending</c>.</summary>
    private async ValueTask FlushTransportAsync(CancellationToken cancellation)
    {
        bool more;
        do
        {
            FlushResult result = await _transport.Output.FlushAsync(cancellation);
            if (result.IsCompleted)
            {
                throw new IOException("The connection was closed while sending.");
            }

            lock (_gate)
            {
                more = _session.Outbox.MoveTo(_transport.Output);
            }
        }
        while (more);
    }

    /// <summary>Sends what a read made OpenSSL say, unless a writer that is busy will.</summary>
    private async ValueTask SendOwedAsync(int owed, CancellationToken cancellation)
    {
        if (!await _sending.WaitAsync(0, cancellation))
        {
            if (owed <= MaxOwedBytes)
            {
                return;
            }

            await _sending.WaitAsync(cancellation);
        }

        await SendOutboxAndReleaseAsync(cancellation);
        await SendForgottenAsync(cancellation);
    }

    /// <summary>A read may have added to the outbox after its emptying and before the release of <c>_sending</c>.</summary>
    private async ValueTask SendForgottenAsync(CancellationToken cancellation)
    {
        while (HasOutput() && await _sending.WaitAsync(0, cancellation))
        {
            await SendOutboxAndReleaseAsync(cancellation);
        }
    }

    private async ValueTask SendOutboxAndReleaseAsync(CancellationToken cancellation)
    {
        try
        {
            bool any;
            lock (_gate)
            {
                any = _session.Outbox.MoveTo(_transport.Output);
            }

            if (any)
            {
                await FlushTransportAsync(cancellation);
            }
        }
        finally
        {
            _sending.Release();
        }
    }

    private bool HasOutput()
    {
        lock (_gate)
        {
            return _session.Outbox.Length > 0;
        }
    }

    private async ValueTask SendCloseAsync()
    {
        lock (_gate)
        {
            _session.Shutdown();
            if (!_session.Outbox.MoveTo(_transport.Output))
            {
                return;
            }
        }

        try
        {
            using var limit = new CancellationTokenSource(CloseTimeout, _session.Context.Time);
            await _transport.Output.FlushAsync(limit.Token);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The peer is gone or does not read: it cannot be told, and nothing else is left to do (S-060).
        }
    }

    private void Free()
    {
        lock (_gate)
        {
            _session.Dispose();
        }

        _transport.Input.CancelPendingRead();
    }
}
