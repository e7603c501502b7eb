using System.Buffers;
using System.Net.Sockets;

namespace SimplexActors.Actors.Cluster.Links;

/// <summary>The reader and the writer of a session.</summary>
internal sealed partial class LinkSession
{
    private async Task RunAsync()
    {
        await Task.WhenAll(ReadAsync(), WriteAsync());
        await _connection.DisposeAsync();
        await using (_options.Time.CreateTimer(static it => ((ReceiverGate)it!).Close(), _gate, _options.CloseTime, Timeout.InfiniteTimeSpan))
        {
            await _gate.Told;
        }

        _over.TrySetResult();
    }

    private async Task ReadAsync()
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(LinkLimits.ReadBytes);
        try
        {
            int start = 0;
            int end = 0;
            int read;
            while ((read = await _connection.Stream.ReadAsync(buffer.AsMemory(end))) > 0)
            {
                _watch.Arrived();
                end += read;
                start += _isClosing ? end - start : Consume(buffer.AsSpan(start, end - start));
                if (!IsOpen && !_isClosing)
                {
                    return;
                }

                // A frame has to fit behind what is not consumed yet.
                if (start == end || buffer.Length - start < LinkLimits.FrameBytes + FrameHeader.Bytes)
                {
                    buffer.AsSpan(start, end - start).CopyTo(buffer);
                    (start, end) = (0, end - start);
                }
            }

            End("the peer closed the connection");
        }
        catch (Exception e)
        {
            Fail("reading", e);
        }
        finally
        {
            // Where the session was being closed, the peer is gone and the writer must not wait for it.
            _connection.Abort();
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <returns>Bytes of whole frames at the beginning.</returns>
    private int Consume(ReadOnlySpan<byte> bytes)
    {
        int used = 0;
        while (IsOpen && bytes.Length - used >= FrameHeader.Bytes)
        {
            FrameHeader header = FrameHeader.Read(bytes[used..]);
            string? problem = header.Problem;
            if (problem is null && bytes.Length - used - FrameHeader.Bytes < header.Length)
            {
                break;
            }

            if (problem is null && header.Type == FrameType.GoAway)
            {
                End($"the peer closed it: {LinkReason.Decode(bytes.Slice(used + FrameHeader.Bytes, header.Length))}", drains: true);
                break;
            }

            problem ??= _inbox.Take(header, bytes.Slice(used + FrameHeader.Bytes, header.Length));
            if (problem is not null)
            {
                End($"the peer sent {problem}");
                break;
            }

            used += FrameHeader.Bytes + header.Length;
        }

        return used;
    }

    private void Fail(string what, Exception cause)
    {
        if (IsOpen && cause is not (IOException or SocketException or ObjectDisposedException))
        {
            LinkLog.SessionFault(_logger, cause, Peer);
        }

        End($"{what} failed: {LinkFailure.Describe(cause)}");
    }

    private async Task WriteAsync()
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Outbox.BufferBytes);
        try
        {
            do
            {
                int length;
                while ((length = _outbox.Fill(buffer.AsSpan(0, Outbox.BufferBytes))) > 0)
                {
                    _watch.WriteBegins();
                    await _connection.Stream.WriteAsync(buffer.AsMemory(0, length));
                    _watch.WriteEnds();
                }
            }
            while (await _outbox.WaitAsync());
            if (_isClosing)
            {
                await _connection.ShutdownAsync();
            }
        }
        catch (Exception e)
        {
            Fail("writing", e);
            _connection.Abort();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
