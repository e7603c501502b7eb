namespace SimplexActors.Nodes.Edges.Tls;

/// <summary>
/// Bounds the handshakes that are in progress. When there are too many, the oldest one is given up: an
/// honest client needs less than a second, so the old ones are those that were never meant to finish, and
/// clients that connect meanwhile notice nothing. Every handshake also ends after a time.
/// </summary>
/// <param name="max">Handshakes in progress.</param>
/// <param name="timeout">Longest duration of one (S-038).</param>
/// <param name="time">Measures it.</param>
internal sealed class HandshakeQueue(int max, TimeSpan timeout, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<CancellationTokenSource> _oldestFirst = new();

    /// <summary>Handshakes in progress.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _oldestFirst.Count;
            }
        }
    }

    /// <summary>Registers a handshake that begins; dispose the place when it is over.</summary>
    public Place Enter()
    {
        var ending = new CancellationTokenSource(timeout, time);
        var node = new LinkedListNode<CancellationTokenSource>(ending);
        CancellationToken token = ending.Token;
        CancellationTokenSource? givenUp = null;
        lock (_gate)
        {
            _oldestFirst.AddLast(node);
            if (_oldestFirst.Count > max)
            {
                givenUp = _oldestFirst.First!.Value;
                _oldestFirst.RemoveFirst();
            }
        }

        givenUp?.Cancel();
        givenUp?.Dispose();
        return new Place(this, node, token);
    }

    /// <summary>
    /// A handshake may end at the moment in which it is given up. Whoever takes it out of the list owns its source from then
    /// on, and disposes of it.
    /// </summary>
    private void Leave(LinkedListNode<CancellationTokenSource> node)
    {
        lock (_gate)
        {
            if (node.List is null)
            {
                return;
            }

            _oldestFirst.Remove(node);
        }

        node.Value.Dispose();
    }

    /// <summary>One handshake's place.</summary>
    public readonly struct Place(HandshakeQueue queue, LinkedListNode<CancellationTokenSource> node, CancellationToken ending) : IDisposable
    {
        /// <summary>Cancelled when the handshake must end.</summary>
        public CancellationToken Ending => ending;

        /// <inheritdoc/>
        public void Dispose() => queue.Leave(node);
    }
}
