using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace SimplexActors.Client.Connection;

/// <summary>
/// Events between the connection's reader and the application. Adding never waits; the reader asks
/// <see cref="WaitForRoomAsync"/> before it takes another block from the socket. It reads on beyond the capacity only
/// while a command waits for its answer: that answer is behind the events, and an application that handles events by
/// sending commands would otherwise wait for itself. What can pile up then is bounded by the protocol: one
/// unacknowledged message per subscribed queue (S-264).
/// </summary>
/// <param name="capacity">Events.</param>
/// <param name="pending">The commands that wait.</param>
internal sealed class EventQueue(int capacity, PendingCommands pending)
{
    private readonly Lock _gate = new();
    private readonly Channel<SmpEvent> _events = Channel.CreateUnbounded<SmpEvent>();
    private int _count;
    private TaskCompletionSource? _paused;

    /// <summary>Adds an event; false after <see cref="End"/>.</summary>
    public bool Add(SmpEvent added)
    {
        bool isOpen = _events.Writer.TryWrite(added);
        if (isOpen)
        {
            Interlocked.Increment(ref _count);
        }

        return isOpen;
    }

    /// <summary>Adds the last event.</summary>
    public void End(SmpEvent last)
    {
        Add(last);
        _events.Writer.TryComplete();
        Resume();
    }

    /// <summary>Waits for an event; false when there will be none.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellation) => _events.Reader.WaitToReadAsync(cancellation);

    /// <summary>Takes an event.</summary>
    public bool TryTake([NotNullWhen(true)] out SmpEvent? taken)
    {
        if (!_events.Reader.TryRead(out taken))
        {
            return false;
        }

        if (Interlocked.Decrement(ref _count) == capacity - 1)
        {
            Resume();
        }

        return true;
    }

    /// <summary>Waits until the reader may take another block.</summary>
    public async ValueTask WaitForRoomAsync(CancellationToken cancellation)
    {
        while (MustWait(out Task? room))
        {
            await room.WaitAsync(cancellation);
        }
    }

    /// <summary>A command was registered or an event taken: the reader may look again.</summary>
    public void Resume()
    {
        TaskCompletionSource? paused;
        lock (_gate)
        {
            paused = _paused;
            _paused = null;
        }

        paused?.TrySetResult();
    }

    private bool MustWait([NotNullWhen(true)] out Task? room)
    {
        room = null;
        if (!IsFull)
        {
            return false;
        }

        lock (_gate)
        {
            _paused ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            room = _paused.Task;
        }

        // Looked at again: a command or a taken event may have come before the pause could be seen.
        return IsFull;
    }

    private bool IsFull => Volatile.Read(ref _count) >= capacity && pending.Count == 0;
}
