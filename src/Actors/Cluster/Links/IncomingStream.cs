using System.Buffers;

namespace SimplexActors.Actors.Cluster.Links;

/// <summary>
/// One stream at its receiver. The session's reader puts frames in; whoever finds the stream at rest hands its messages out,
/// one after the other.
/// </summary>
internal sealed class IncomingStream(int id, int window)
{
    private readonly Lock _gate = new();
    private Queue<IncomingMessage>? _waiting;
    private bool _isBusy;
    private byte[]? _partial;
    private int _partialLength;
    private bool _partialPosted;
    private long _outstanding;
    private int _owed;

    /// <summary>Its number.</summary>
    public int Id => id;

    /// <summary>A message has begun and not ended.</summary>
    public bool IsWithinMessage => _partial is not null;

    /// <summary>Adds a frame. Only the reader calls this.</summary>
    /// <param name="header">The frame.</param>
    /// <param name="payload">Its piece of the message.</param>
    /// <param name="message">The message that ended with it, if one did.</param>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    public string? Add(FrameHeader header, ReadOnlySpan<byte> payload, out IncomingMessage? message)
    {
        message = null;
        bool posted = header.Marks.HasFlag(FrameMarks.Posted);
        if (IsWithinMessage && posted != _partialPosted)
        {
            return "a message that is posted in part";
        }

        if (!IsWithinMessage && !posted && Interlocked.Read(ref _outstanding) >= window)
        {
            return "more than the window of a stream";
        }

        if (payload.Length > LinkLimits.MessageBytes - _partialLength)
        {
            return "a message that is too long";
        }

        bool isEnd = header.Marks.HasFlag(FrameMarks.End);
        Append(payload, isEnd);
        _partialPosted = posted;
        if (isEnd)
        {
            message = new IncomingMessage(_partial!, _partialLength, posted);
            (_partial, _partialLength) = (null, 0);
            Interlocked.Add(ref _outstanding, posted ? 0 : message.Value.Cost);
        }

        return null;
    }

    /// <summary>True when the caller has to hand the message out; else whoever is at it will.</summary>
    public bool TryBegin(IncomingMessage message)
    {
        lock (_gate)
        {
            if (_isBusy)
            {
                (_waiting ??= new Queue<IncomingMessage>()).Enqueue(message);
                return false;
            }

            _isBusy = true;
            return true;
        }
    }

    /// <summary>The next message to hand out; when there is none, the stream is at rest.</summary>
    public bool TryNext(out IncomingMessage message)
    {
        lock (_gate)
        {
            if (_waiting is not null && _waiting.TryDequeue(out message))
            {
                return true;
            }

            message = default;
            _isBusy = false;
            return false;
        }
    }

    /// <summary>The receiver took a message that needed credit. Only who hands out calls this.</summary>
    /// <returns>Bytes that the peer is to be told of; 0 while they are few.</returns>
    public int Take(int cost)
    {
        _owed += cost;
        if (_owed < window / 4)
        {
            return 0;
        }

        int bytes = _owed;
        _owed = 0;
        Interlocked.Add(ref _outstanding, -bytes);
        return bytes;
    }

    private void Append(ReadOnlySpan<byte> payload, bool isEnd)
    {
        int needed = _partialLength + payload.Length;
        if (_partial is null || _partial.Length < needed)
        {
            // A message in one frame gets what it needs; of a longer one the rest is to be expected.
            byte[] larger = ArrayPool<byte>.Shared.Rent(isEnd ? needed : Math.Min(needed * 4, LinkLimits.MessageBytes));
            if (_partial is not null)
            {
                _partial.AsSpan(0, _partialLength).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_partial);
            }

            _partial = larger;
        }

        payload.CopyTo(_partial.AsSpan(_partialLength));
        _partialLength = needed;
    }
}
