namespace SimplexActors.Actors.Cluster.Links;

/// <summary>A caller of <see cref="ILinkSession.SendAsync"/> whose stream has no credit.</summary>
internal sealed class SendWaiter(Outbox outbox, OutgoingStream stream)
{
    private readonly TaskCompletionSource<bool> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Its stream.</summary>
    public OutgoingStream Stream => stream;

    /// <summary>Frames of the message have been written; it can no longer be cancelled. Changed under the lock of the outbox.</summary>
    public bool Started { get; set; }

    /// <summary>The caller does not wait any more. Changed under the lock of the outbox.</summary>
    public bool Cancelled { get; set; }

    /// <summary>The message was sent (true) or the session ended (false).</summary>
    public void Complete(bool sent) => _done.TrySetResult(sent);

    /// <summary>Waits for the end of it.</summary>
    public async Task<bool> WaitAsync(CancellationToken cancellation)
    {
        await using (cancellation.UnsafeRegister(static (state, token) => ((SendWaiter)state!).Cancel(token), this))
        {
            return await _done.Task;
        }
    }

    private void Cancel(CancellationToken token)
    {
        if (outbox.TryCancel(this))
        {
            _done.TrySetCanceled(token);
        }
    }
}
