namespace SimplexActors.Nodes.Edges.Smp.Proxy;

/// <summary>
/// An attempt to reach a relay, with those who wait for it. It belongs to none of them: when one leaves it goes on for the
/// others, and when the last one leaves it ends, so that the next client starts a new one (S-339).
/// </summary>
internal sealed class RelayAttempt : IDisposable
{
    private readonly CancellationTokenSource _abandoned = new();
    private Task<RelayOutcome>? _outcome;

    /// <summary>What it comes to; never faulted.</summary>
    public Task<RelayOutcome> Outcome => _outcome ?? throw new InvalidOperationException("The attempt has not begun.");

    /// <summary>Clients that wait; changed under the directory's lock.</summary>
    public int Waiters { get; set; }

    /// <summary>Cancelled when nobody waits any more, or when the router stops.</summary>
    public CancellationToken Abandoned => _abandoned.Token;

    /// <summary>Begins; once.</summary>
    public void Begin(Func<RelayAttempt, Task<RelayOutcome>> connect) => _outcome = connect(this);

    /// <summary>Ends the attempt; nothing of that happens on this thread.</summary>
    public void Abandon() => _ = _abandoned.CancelAsync();

    /// <inheritdoc/>
    public void Dispose() => _abandoned.Dispose();
}
