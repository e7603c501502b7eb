using SimplexActors.Actors.Queues;
using SimplexActors.Protocol.Crypto;
using SimplexActors.Protocol.Transport;

namespace SimplexActors.Nodes.Edges.Smp;

/// <summary>
/// The keys of one queue as one connection knows them, with the secret that the session key makes with them: an
/// agreement costs 80 us, so it is done once per connection and queue (DESIGN 3).
/// </summary>
internal sealed class CachedKeys(QueueKeys keys)
{
    // The commands of one block are verified in parallel, and two may be for the same queue.
    private readonly Lock _gate = new();
    private QueueSecret _secret;

    /// <summary>The snapshot that the queue published.</summary>
    public QueueKeys Keys { get; } = keys;

    /// <summary>True when one of <paramref name="candidates"/> authorised the command.</summary>
    public bool Verify(
        Authorisation authorisation, in Transmission transmission, ReadOnlySpan<PublicKey> candidates, ReadOnlySpan<byte> serviceFingerprint)
    {
        lock (_gate)
        {
            return authorisation.Verify(transmission, candidates, ref _secret, serviceFingerprint);
        }
    }

    /// <summary>Clears the secret.</summary>
    public void Wipe()
    {
        lock (_gate)
        {
            _secret.Clear();
        }
    }
}
