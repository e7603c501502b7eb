using System.Buffers;

namespace SimplexActors.Actors.Cluster.Links;

/// <summary>A message that waits to be cut into frames. Used under the lock of its <see cref="Outbox"/>.</summary>
/// <param name="Body">What is sent.</param>
/// <param name="Rented">The pooled array that holds the body; null while it is still the caller's memory.</param>
/// <param name="Posted">Sent without credit.</param>
/// <param name="Waiter">The caller that waits for credit; null when none does.</param>
internal sealed record OutgoingMessage(ReadOnlyMemory<byte> Body, byte[]? Rented, bool Posted, SendWaiter? Waiter)
{
    /// <summary>What a message takes of windows and limits.</summary>
    public static int CostOf(int length) => length + LinkLimits.MessageOverheadBytes;

    /// <summary>Copies a message that its caller will not wait for.</summary>
    public static OutgoingMessage Copy(ReadOnlySpan<byte> body, bool posted)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(body.Length);
        body.CopyTo(rented);
        return new OutgoingMessage(rented.AsMemory(0, body.Length), rented, posted, Waiter: null);
    }

    /// <summary>Gives the copy back; nothing uses the message any more.</summary>
    public void Release()
    {
        if (Rented is not null)
        {
            ArrayPool<byte>.Shared.Return(Rented);
        }
    }
}
