using System.Buffers.Binary;

namespace SimplexActors.Actors.Cluster.Links;

/// <summary>
/// What arrives in one session: puts frames together and hands messages to the receiver. The first message of a stream at
/// rest is handed out on the reader's thread; where the receiver does not finish at once, the stream goes on by itself and
/// the reader with other streams.
/// </summary>
internal sealed class Inbox(LinkOptions options, Outbox outbox, ReceiverGate gate, Action<Exception> fault)
{
    private const int TakenTold = 64 * 1024;

    private readonly Dictionary<int, IncomingStream> _streams = [];
    private readonly long _takenTold = Math.Min(TakenTold, options.PostedBytes / 4);
    private long _posted;
    private long _taken;

    /// <summary>Takes a frame with a valid header. Only the reader calls this.</summary>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    public string? Take(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        switch (header.Type)
        {
            case FrameType.Data:
                return TakeData(header, payload);
            case FrameType.Window:
                int bytes = BinaryPrimitives.ReadInt32BigEndian(payload);
                bool isGood = bytes > 0 && (header.Marks == FrameMarks.Posted ? outbox.TryTake(bytes) : outbox.TryGive(header.Stream, bytes));
                return isGood ? null : "a window that nothing was taken for";
            case FrameType.Ping:
                outbox.Pong();
                return null;
            default:
                return null;
        }
    }

    /// <summary>Tells the peer of all posted bytes that were taken.</summary>
    public void TellTaken()
    {
        long bytes = Interlocked.Exchange(ref _taken, 0);
        if (bytes > 0)
        {
            Interlocked.Add(ref _posted, -bytes);
            outbox.TellTaken(bytes);
        }
    }

    private string? TakeData(FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (!_streams.TryGetValue(header.Stream, out IncomingStream? stream))
        {
            if (_streams.Count == LinkLimits.StreamsPerSession)
            {
                return "too many streams";
            }

            stream = new IncomingStream(header.Stream, options.StreamWindowBytes);
            _streams.Add(header.Stream, stream);
        }

        if (header.Marks.HasFlag(FrameMarks.Posted))
        {
            int cost = stream.IsWithinMessage ? payload.Length : OutgoingMessage.CostOf(payload.Length);
            if (Interlocked.Add(ref _posted, cost) > options.PostedBytes)
            {
                return "more posted messages than it may leave";
            }
        }

        string? problem = stream.Add(header, payload, out IncomingMessage? message);
        if (message is { } whole && stream.TryBegin(whole))
        {
            gate.Begin();
            _ = HandOutAsync(stream, whole);
        }

        return problem;
    }

    private async Task HandOutAsync(IncomingStream stream, IncomingMessage message)
    {
        try
        {
            do
            {
                ILinkReceiver? receiver = gate.TryEnter();
                if (receiver is null)
                {
                    message.Release();
                    return;
                }

                await CallAsync(receiver, stream.Id, message);
                Taken(stream, message);
            }
            while (stream.TryNext(out message));
        }
        catch (Exception e)
        {
            fault(e);
        }
        finally
        {
            gate.End();
        }
    }

    private async ValueTask CallAsync(ILinkReceiver receiver, int stream, IncomingMessage message)
    {
        try
        {
            ValueTask taken;
            try
            {
                taken = receiver.ReceiveAsync(stream, message.Body);
            }
            finally
            {
                gate.Leave();
            }

            await taken;
        }
        finally
        {
            message.Release();
        }
    }

    private void Taken(IncomingStream stream, IncomingMessage message)
    {
        if (message.Posted)
        {
            if (Interlocked.Add(ref _taken, message.Cost) >= _takenTold)
            {
                TellTaken();
            }
        }
        else if (stream.Take(message.Cost) is > 0 and var bytes)
        {
            outbox.TellWindow(stream.Id, bytes);
        }
    }
}
